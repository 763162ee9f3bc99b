"""`cluster-stacks history`: what `check` would have said of every commit."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cluster_stacks.cli._options import Context, common, stacks_argument
from cluster_stacks.cli.exit_codes import FINDINGS, FINE
from cluster_stacks.operations.history import Asked, history


@click.command("history")
@common("text", "json", "markdown")
@click.option("--since", metavar="REF", help="Only what came after this commit.")
@click.option("--head", metavar="REF", help="Where the history ends (default: HEAD).")
@click.option("--ranges", is_flag=True, help="Judge each merge also as the pull request that it was.")
@click.option("--all-refs", is_flag=True, help="Every commit that any branch or tag reaches, each once.")
@click.option("--every", is_flag=True, help="Show the commits that are fine as well.")
@stacks_argument
def command(
    context: Context, stacks: tuple[str, ...], since: str | None, head: str | None, ranges: bool, all_refs: bool,
    every: bool,
) -> int:
    """Replay the history, and show which commits broke the rules of versions.

    Every commit is judged against its first parent, as `check --base COMMIT^ --head COMMIT` does, along the first
    parents of HEAD; the rules of state are left out. Over the whole history, a version that was given twice is found.

    STACK is docker/scs/1-36, a prefix of it, or a path; none: every stack, those that are gone included.
    """
    if all_refs and (head or ranges):
        raise click.UsageError("--all-refs goes without --head and --ranges: each commit is judged by itself")
    asked = Asked(stacks, since, head or "HEAD", ranges, all_refs, every)
    with _seldom_collected():
        return _show(context, asked)


def _show(context: Context, asked: Asked) -> int:
    result = history(context.repo, asked)
    from cluster_stacks.cli._history import FORMATS  # what it needs was loaded while git worked

    width = shutil.get_terminal_size((120, 24)).columns
    context.echo(FORMATS[context.format](result, width))
    if not result.timelines:
        context.say(f"no stack in {result.commits} commit{'' if result.commits == 1 else 's'}")
    return FINDINGS if result.failed else FINE


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """A replay makes many small objects and no cycles, and the process ends with it: looking for some costs a fifth."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*before)
