"""What the verbs that change published releases have in common: where they do it, and how they tell of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from cluster_stacks.cli._options import Context

if TYPE_CHECKING:
    from cluster_stacks.operations.life import LifeResult

P = ParamSpec("P")
R = TypeVar("R")


def where_options(function: Callable[P, R]) -> Callable[P, R]:
    """Adds --branch, --environment, --remote, --push, --dry-run and passes them as `where`."""

    @click.option("--branch", metavar="NAME", help="The rendered branch (default: as settings say).")
    @click.option("--environment", metavar="NAME", help="Only this environment (default: all that settings name).")
    @click.option("--remote", metavar="NAME", help="Build on this remote's branch, and push to it unless --no-push.")
    @click.option("--push/--no-push", default=None, help="Push, to --remote, origin, or the only remote there is.")
    @click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
    @functools.wraps(function)
    def command(*args: Any, **kwargs: Any) -> R:
        from cluster_stacks.operations.branches import Where

        names = ("branch", "environment", "remote", "push", "dry_run")
        where = Where(**{name: kwargs.pop(name) for name in names})
        return function(*args, where=where, **kwargs)  # type: ignore[arg-type]  # the options above add where

    return command


def releases_argument(function: Callable[P, R]) -> Callable[P, R]:
    """Adds STACK/VERSION…"""
    return click.argument("releases", nargs=-1, required=True, metavar="STACK/VERSION...")(function)


def show_life(context: Context, results: Sequence[LifeResult]) -> int:
    """Tells what was done, branch by branch. Gives the exit code: what is wrong was raised."""
    from cluster_stacks.reporting.escape import printable

    if context.format == "json":
        from cluster_stacks.documents.json import dumps

        context.echo(dumps({"schemaVersion": 1, "branches": [_json(result) for result in results]}))
    else:
        context.echo("\n".join(line for result in results for line in _text(result, context)))
    for result in results:
        where = f"{result.target.branch}: " if len(results) > 1 else ""
        for note in result.notes:
            context.say(printable(f"{where}{note.removeprefix(where)}"))
    return 0


def _text(result: LifeResult, context: Context) -> Iterator[str]:
    from cluster_stacks.reporting.escape import printable

    for step in result.steps:
        yield f"{step.stack} {'node images ' if step.unit else ''}{step.version}: {step.became}"
    if context.verbosity > 0 or result.dry_run:
        for sign, paths in (("+", result.added), ("~", result.changed), ("-", result.removed)):
            yield from (printable(f"  {sign} {path}") for path in paths)
    yield _end(result)


def _end(result: LifeResult) -> str:
    branch = result.target.branch
    if result.dry_run:
        count = len(result.added) + len(result.changed) + len(result.removed)
        return f"{branch}: {count} files would change" if count else f"{branch}: nothing would change"
    where = f", pushed to {result.target.remote}" if result.pushed else ""
    if result.commit is None:
        return f"{branch}: nothing changed{where}"
    before = result.before[:7] if result.before else "new"
    counts = f"{len(result.added)} added, {len(result.changed)} changed, {len(result.removed)} removed"
    return f"{branch}: {before} to {result.commit[:7]}: {counts}{where}"


def _json(result: LifeResult) -> dict[str, object]:
    return {
        "branch": result.target.branch, "dryRun": result.dry_run, "before": result.before, "commit": result.commit,
        "remote": result.target.remote, "pushed": result.pushed,
        "releases": [
            {"stack": str(step.stack), "version": str(step.version), "unit": step.unit, "became": step.became}
            for step in result.steps
        ],
        "paths": {"added": list(result.added), "changed": list(result.changed), "removed": list(result.removed)},
        "notes": list(result.notes),
    }
