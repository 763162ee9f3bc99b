"""`cluster-stacks merge-driver`: Git's merge driver for metadata.yaml."""

from __future__ import annotations

from pathlib import Path

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import FINDINGS, FINE


@click.command("merge-driver")
@common("text")
@click.option("--install", is_flag=True, help="Configure this clone to use it.")
@click.argument("files", nargs=-1, metavar="[BASE OURS THEIRS PATH]")
def command(context: Context, install: bool, files: tuple[str, ...]) -> int:
    """Merge the versions in metadata.yaml.

    Git starts it with four arguments (%O %A %B %P): v3 to v4 on both sides becomes v5 where the content of both is in.
    Where it cannot know, the file is left as a conflict and the exit code is 1.
    """
    if install == bool(files) or len(files) not in (0, 4):
        raise click.UsageError("git gives it BASE OURS THEIRS PATH; a person says --install")
    return _install(context) if install else _merge(context, files)


def _install(context: Context) -> int:
    from cluster_stacks.operations.install_driver import ATTRIBUTE, install_driver

    installed = install_driver(context.repo)
    context.say(f"git merges metadata.yaml by `{installed.command}` in this clone")
    if installed.attributes:
        context.say(f"selected in {installed.attributes}; for every clone, commit to .gitattributes: {ATTRIBUTE}")
    context.say('for files that are the same on both sides: git config core.hooksPath "$(cluster-stacks --hooks-path)"')
    return FINE


def _merge(context: Context, files: tuple[str, ...]) -> int:
    from cluster_stacks.operations.merge_driver import merge_file
    from cluster_stacks.reporting.escape import printable

    base, ours, theirs, path = files
    merged = merge_file(context.repo, (Path(base), Path(ours), Path(theirs)), path)
    if merged.conflict:
        context.say(printable(f"{path}: left as a conflict: {merged.conflict}: `cluster-stacks bump`, or edit it"))
    return FINE if merged.clean else FINDINGS
