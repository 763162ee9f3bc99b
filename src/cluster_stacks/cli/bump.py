"""`cluster-stacks bump`: makes metadata.yaml right by the smallest edit."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cluster_stacks.cli._options import Context, Range, common, exit_code, range_options, say_base, stacks_argument
from cluster_stacks.model.errors import Refused
from cluster_stacks.operations.bump import BumpResult, Way, bump
from cluster_stacks.operations.comparing import Question


@click.command("bump")
@common("text", "json")
@range_options
@click.option("--target", metavar="REF", help="The branch whose versions the new ones follow (default: the base).")
@click.option("--channel", metavar="NAME", help="To the next pre-release of a channel: v3 to v4-alpha.0.")
@click.option("--promote", is_flag=True, help="From a pre-release to stable: v4-alpha.3 to v4, changed or not.")
@click.option("--merge", is_flag=True, help="For the job after a merge, with `bump: merge` in the settings: "
              "what is due at HEAD, in one step for all that was merged since the last.")
@click.option("--commit", is_flag=True, help="With --merge: commit the edits, and nothing else.")
@click.option("--dry-run", is_flag=True, help="Show the edit as a diff, and write nothing.")
@click.option("--keep-index", is_flag=True, help="With --staged: write the files only, as a pre-commit hook must.")
@stacks_argument
def command(
    context: Context, stacks: tuple[str, ...], range_: Range, target: str | None, channel: str | None, promote: bool,
    merge: bool, commit: bool, dry_run: bool, keep_index: bool,
) -> int:
    """Make the versions in metadata.yaml right.

    STACK is docker/scs/1-36, a prefix of it, or a path; none: every stack that changed. The files of the work tree are
    edited; with --staged the index, and a file too where it has no other edits. In a merge that left metadata.yaml in
    conflict, its versions are resolved first; other conflicts are left alone.
    """
    _require(keep_index <= range_.staged, "--keep-index needs --staged")
    _require(commit <= merge, "--commit goes with --merge")
    _require(bool(channel) + promote + merge <= 1, "--channel, --promote and --merge exclude each other")
    if merge:
        asked = stacks or target or any(range_) or keep_index
        _require(not asked, "--merge is about all stacks of HEAD: it takes no STACK and no state of the repository")
        from cluster_stacks.operations.bump_merged import bump_merged

        return _show(context, bump_merged(context.repo, dry_run=dry_run, commit=commit), dry_run=dry_run)
    if channel:
        from cluster_stacks.versioning.channels import is_channel

        _require(is_channel(channel), "--channel is a word such as alpha, beta or rc")
    question = Question(range_.base, range_.head, range_.staged, range_.worktree, target, range_.deepen)
    way = Way(channel or "", promote)
    return _show(
        context, bump(context.repo, stacks, question, dry_run=dry_run, keep_index=keep_index, way=way), dry_run=dry_run
    )


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise click.UsageError(otherwise)


def _show(context: Context, result: BumpResult, *, dry_run: bool) -> int:
    say_base(context, result.since)
    if context.format == "json":
        context.echo(_json(result))
    elif dry_run:
        context.echo("".join(item.diff for item in result.bumps))
    else:
        context.echo("\n".join(_text(result)))
    if not (result.bumps or result.findings or result.merged):
        context.say("nothing to bump")
    if exit_code(result.findings):
        raise Refused(*result.findings)
    return exit_code(())


def _text(result: BumpResult) -> Iterator[str]:
    bumped = {item.stack for item in result.bumps}
    for stack in result.merged:
        if stack not in bumped:
            yield f"{stack}: metadata.yaml merged"
    for item in result.bumps:
        edits = ", ".join(f"{component} {old} to {new}" for component, (old, new) in item.versions.items())
        yield f"{item.stack}: {edits}"
    if result.commit:
        yield f"committed as {result.commit[:12]}"


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
        "merged": [str(stack) for stack in result.merged],
        "commit": result.commit or None,
    })
