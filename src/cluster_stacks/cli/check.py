"""`cluster-stacks check`: the versioning rules on a change, and the rules of state on what it leads to."""

from __future__ import annotations

from pathlib import Path

import click

from cluster_stacks.cli._options import Context, Range, common, range_options, report_option, say_base
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.operations.check import CheckResult, check
from cluster_stacks.operations.comparing import Question


@click.command("check")
@common("text", "json", "github")
@report_option()
@range_options
@click.option("--target", metavar="REF", help="The branch whose versions the new ones follow (default: the base).")
@click.option("--all", "all_stacks", is_flag=True, help="Judge the state of every stack, not only of changed ones.")
@click.option("--files", is_flag=True, help="Only judge the form of FILES as they are on disk, without Git.")
@click.argument("files_", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
def command(
    context: Context, range_: Range, target: str | None, all_stacks: bool, files: bool, files_: tuple[Path, ...]
) -> int:
    """Judge the versions of what changed.

    Without --base it is found: what pre-commit or the pipeline says, else the branch that this will be merged into: the
    upstream branch, else the default branch of the remote, else main or master. What changed is seen from the merge
    base; what the new versions must be, from the tip of --target.

    With --files: metadata.yaml, overlay.yaml and .cluster-stacks.yaml, by their names.
    """
    if files:
        return _files(context, files_)
    if files_:
        raise click.UsageError("FILE needs --files; stacks are found by what changed")
    question = Question(range_.base, range_.head, range_.staged, range_.worktree, target, range_.deepen)
    return _show(context, check(context.repo, question, all_stacks=all_stacks))


def _show(context: Context, result: CheckResult) -> int:
    count = max(result.judged, result.changed)
    checked = f"{count} stack{'' if count == 1 else 's'}"
    say_base(context, result.since)
    if not (result.findings or result.waived) and context.format == "text" and not context.reports:
        # What happens most often: nothing that writes reports is loaded for it.
        context.say(f"nothing found in {checked}" if count else "no stack changed")
        return FINE
    from cluster_stacks.cli._report import show

    return show(
        context, result.findings, checked=checked if count else "", facts={"stacks": count}, read=result.read,
        since=result.since, waived=result.waived,
    )


def _files(context: Context, paths: tuple[Path, ...]) -> int:
    from cluster_stacks.cli._report import show
    from cluster_stacks.operations.check_files import check_files, reader

    read = reader(context.repo)
    findings = check_files(context.repo, paths, read)
    count = f"{len(paths)} file{'' if len(paths) == 1 else 's'}"
    return show(context, findings, checked=count, read=read)
