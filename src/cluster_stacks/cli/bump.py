"""`cluster-stacks bump`: makes metadata.yaml right by the smallest edit."""

from __future__ import annotations

import click

from cluster_stacks.cli._options import Context, Range, common, exit_code, range_options, stacks_argument
from cluster_stacks.model.errors import Refused
from cluster_stacks.operations.bump import BumpResult, bump
from cluster_stacks.operations.comparing import Question


@click.command("bump")
@common("text", "json")
@range_options
@click.option("--target", metavar="REF", help="The branch whose versions the new ones follow (default: the base).")
@click.option("--dry-run", is_flag=True, help="Show the edit as a diff, and write nothing.")
@click.option("--keep-index", is_flag=True, help="With --staged: write the files only, as a pre-commit hook must.")
@stacks_argument
def command(
    context: Context, stacks: tuple[str, ...], range_: Range, target: str | None, dry_run: bool, keep_index: bool
) -> int:
    """Make the versions in metadata.yaml right.

    STACK is docker/scs/1-36, a prefix of it, or a path; none: every stack that changed. The files of the work tree are
    edited; with --staged the index, and a file too where it has no other edits.
    """
    if keep_index and not range_.staged:
        raise click.UsageError("--keep-index needs --staged")
    question = Question(range_.base, range_.head, range_.staged, range_.worktree, target)
    result = bump(context.repo, stacks, question, dry_run=dry_run, keep_index=keep_index)
    if context.format == "json":
        context.echo(_json(result))
    elif dry_run:
        context.echo("".join(item.diff for item in result.bumps))
    else:
        context.echo(_text(result))
    if not result.bumps and not result.findings:
        context.say("nothing to bump")
    if exit_code(result.findings):
        raise Refused(*result.findings)
    return exit_code(())


def _text(result: BumpResult) -> str:
    lines = []
    for item in result.bumps:
        edits = ", ".join(f"{component} {old} to {new}" for component, (old, new) in item.versions.items())
        lines.append(f"{item.stack}: {edits}")
    return "\n".join(lines)


def _json(result: BumpResult) -> str:
    from cluster_stacks.documents.json import dumps

    return dumps({
        "schemaVersion": 1,
        "stacks": [
            {
                "stack": str(item.stack),
                "path": item.path,
                "versions": {
                    component.value: {"from": str(old), "to": str(new)}
                    for component, (old, new) in item.versions.items()
                },
            }
            for item in result.bumps
        ],
    })
