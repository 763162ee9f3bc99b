"""`cluster-stacks render`: the files of the rendered branch, into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from cluster_stacks.cli._options import Context, common, report_option, stacks_argument
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.operations.render import RenderResult, render_tree


@click.command("render")
@common("text", "json", "github")
@report_option(prints=False)
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, metavar="DIR",
              help="The folder to write to. Releases that it holds already are replaced, all else is left alone.")
@click.option("--head", metavar="REF", help="Render a commit (default: the work tree).")
@click.option("--staged", is_flag=True, help="Render the index.")
@click.option("--worktree", is_flag=True, help="Render the work tree, which is the default.")
@click.option("--shard", metavar="N/OF", help="Render one part of what a publish has to, as `plan` tells, into a file "
              "for `publish --from`: -o names it.")
@click.option("--branch", metavar="NAME", help="With --shard: the rendered branch (default: as settings say).")
@click.option("--all", "every", is_flag=True, help="With --shard: all its stacks, as `plan --all` tells.")
@stacks_argument
def command(
    context: Context, stacks: tuple[str, ...], output: Path, head: str | None, staged: bool, worktree: bool,
    shard: str | None, branch: str | None, every: bool,
) -> int:
    """Render stacks to the files that `publish` puts on the branch.

    STACK is docker/scs/1-36, a prefix of it, or a path; none: every stack. Where one stack cannot be rendered, nothing
    is written.
    """
    if sum((head is not None, staged, worktree)) > 1:
        raise click.UsageError("--head, --staged and --worktree exclude each other")
    if shard is not None:
        if stacks or staged or worktree:
            raise click.UsageError("--shard renders its part of all stacks of a commit: name none, and only --head")
        return _shard(context, shard, output, head, branch, every=every)
    if branch is not None or every:
        raise click.UsageError("--branch and --all go with --shard")
    result = render_tree(context.repo, stacks, output, head=head, staged=staged)
    if result.findings:
        from cluster_stacks.cli._report import show

        return show(context, result.findings, read=result.read)
    context.echo(_json(result) if context.format == "json" else _text(result))
    if context.reports:
        from cluster_stacks.cli._report import write

        write(context, ())
    for folder in result.folders:
        for note in folder.notes:
            context.say(f"{folder.stack}: {note}")
    if not result.folders:
        context.say("there is no stack below providers/")
    return FINE


def _shard(context: Context, shard: str, output: Path, head: str | None, branch: str | None, *, every: bool) -> int:
    from cluster_stacks.cli._report import show, write
    from cluster_stacks.operations.shard import render_shard
    from cluster_stacks.publishing.shards import Shard

    part = Shard.parse(shard)
    result = render_shard(context.repo, part, output, head=head or "HEAD", branch=branch, every=every)
    code = show(context, result.findings, read=result.read) if result.findings else FINE
    if context.reports and not result.findings:
        write(context, ())
    if code == FINE:
        context.say(f"shard {part}: {result.releases} release{'' if result.releases == 1 else 's'} in {output}")
    return code


def _text(result: RenderResult) -> str:
    from cluster_stacks.reporting.escape import printable

    return "\n".join(printable(f"{folder.path}/  {folder.files} files") for folder in result.folders)


def _json(result: RenderResult) -> str:
    from cluster_stacks.documents.json import dumps

    return dumps({
        "schemaVersion": 1,
        "folders": [
            {
                "path": folder.path, "files": folder.files, "stack": str(folder.stack) if folder.stack else None,
                "notes": list(folder.notes),
            }
            for folder in result.folders
        ],
        "findings": [],
    })
