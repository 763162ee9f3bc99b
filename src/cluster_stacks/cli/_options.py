"""Options that verbs share, and the context that they become."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import click

from cluster_stacks.model.errors import Refused

if TYPE_CHECKING:
    from cluster_stacks.cli._reports import Reports
    from cluster_stacks.operations.comparing import Since

P = ParamSpec("P")
R = TypeVar("R")


class Context(NamedTuple):
    """What every verb is told. `repo` need not be the repository's root; `verbosity` is -1 quiet, 0, 1 verbose.

    `format` is what standard output gets; `reports`, where some were asked for, go to files.
    """

    repo: Path
    format: str
    verbosity: int
    color: bool
    reports: Reports | None = None

    def echo(self, text: str) -> None:
        """Writes the result to stdout, byte for byte as it is (undecodable names as they were escaped)."""
        if text:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")

    def say(self, text: str) -> None:
        """Tells a person something on stderr, in one line, unless --quiet. What it names may be of hostile files."""
        if self.verbosity < 0:
            return
        if not text.isprintable() or "##" in text or text.lstrip().startswith("::"):
            from cluster_stacks.reporting.escape import line

            text = line(text)
        click.echo(text, err=True)


class Range(NamedTuple):
    """Which change is meant: from `base` (None: found by itself) to a commit, the index or the work tree.

    With `deepen`, what a shallow clone lacks is fetched.
    """

    base: str | None
    head: str | None
    staged: bool
    worktree: bool
    deepen: bool = False


def common(*formats: str) -> Callable[[Callable[Concatenate[Context, P], R]], Callable[P, R]]:
    """Adds the options that all verbs have and passes them as one Context, first. The first format is the default."""

    def decorate(function: Callable[Concatenate[Context, P], R]) -> Callable[P, R]:
        @click.option("--repo", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
                      help="The repository (default: the one you stand in).")
        @click.option("--format", "format_", type=click.Choice(formats), default=formats[0], show_default=True,
                      help="How the result is written.")
        @click.option("--quiet", "-q", is_flag=True, help="Only the result.")
        @click.option("--verbose", "-v", is_flag=True, help="Also what was done, and how.")
        @click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
                      help="Colours; auto: in a terminal, unless NO_COLOR is set.")
        @functools.wraps(function)
        def command(*args: Any, **kwargs: Any) -> R:
            color = kwargs.pop("color")
            quiet, verbose = kwargs.pop("quiet"), kwargs.pop("verbose")
            context = Context(
                kwargs.pop("repo"), kwargs.pop("format_"), 1 if verbose else -1 if quiet else 0, _wants_color(color)
            )
            if quiet or not sys.stderr.isatty():
                return function(context, *args, **kwargs)
            from cluster_stacks.cli._progress import shown

            with shown(sys.stderr):
                return function(context, *args, **kwargs)

        return command

    return decorate


def range_options(function: Callable[P, R]) -> Callable[P, R]:
    """Adds --base, --head, --staged, --worktree, --deepen and passes them as `range_`."""

    @click.option("--base", metavar="REF",
                  help="Where the change starts: its merge base with the head. Or a range: A...B; A..B: from A itself.")
    @click.option("--head", metavar="REF", help="The proposed commit (default: HEAD).")
    @click.option("--staged", is_flag=True, help="The proposed state is the index.")
    @click.option("--worktree", is_flag=True, help="The proposed state is the work tree.")
    @click.option("--deepen", is_flag=True, help="Fetch what a shallow clone lacks. Uses the network.")
    @functools.wraps(function)
    def command(*args: Any, **kwargs: Any) -> R:
        range_ = Range(*(kwargs.pop(name) for name in ("base", "head", "staged", "worktree", "deepen")))
        if sum((range_.head is not None, range_.staged, range_.worktree)) > 1:
            raise click.UsageError("--head, --staged and --worktree exclude each other")
        return function(*args, range_=range_, **kwargs)  # type: ignore[arg-type]  # the option above adds range_

    return command


def say_base(context: Context, since: Since | None) -> None:
    """Tells a person what was compared with, where it was found and not named. JSON says it by itself."""
    if context.format != "json" and since is not None and (since.found or context.verbosity > 0):
        context.say(f"base: {since.base}")


def stacks_argument(function: Callable[P, R]) -> Callable[P, R]:
    """Adds [STACK]…: docker/scs/1-36, a prefix of it, or a path."""
    return click.argument("stacks", nargs=-1, metavar="[STACK]...", callback=_from_the_root)(function)


def stack_argument(function: Callable[P, R]) -> Callable[P, R]:
    """Adds STACK, exactly one."""
    return click.argument("stack", metavar="STACK", callback=_from_the_root)(function)


def _from_the_root(_ctx: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    return tuple(map(_path, value)) if isinstance(value, tuple) else _path(value)


def _path(pattern: str) -> str:
    """What is a path of a stack where the user stands, or an absolute one, as a path from the repository's root."""
    if not pattern:
        raise click.UsageError("STACK is empty: name a stack, or leave it out")
    path = Path(os.path.abspath(pattern))  # noqa: PTH100 — Path.resolve() would follow links
    if os.path.lexists(path):
        for root in path.parents:
            below = path.relative_to(root)
            if below.parts[0] == "providers" and (root / ".git").exists():
                return below.as_posix()
    return pattern


def report_option(
    *, prints: bool = True
) -> Callable[[Callable[Concatenate[Context, P], R]], Callable[Concatenate[Context, P], R]]:
    """Adds --report to a verb that has findings. What is refused before there is a result is reported too.

    Without `prints` standard output has the result of the verb, and only the forms of --format can have it.
    """

    def decorate(function: Callable[Concatenate[Context, P], R]) -> Callable[Concatenate[Context, P], R]:
        @click.option("--report", "reports", multiple=True, metavar="NAME[=FILE]",
                      help="Also write a report into FILE: text, json, github, sarif, junit, gitlab, markdown or html. "
                           "Without FILE: to standard output, in place of --format. Repeatable.")
        @functools.wraps(function)
        def command(context: Context, *args: Any, **kwargs: Any) -> R:
            wanted = kwargs.pop("reports")
            if wanted:
                from cluster_stacks.cli._reports import reporting

                context = reporting(context, wanted, prints=prints)
            try:
                return function(context, *args, **kwargs)
            except Refused as error:
                if wanted or context.format != "text":
                    from cluster_stacks.cli._report import show_refused

                    show_refused(context, error.findings)
                raise

        return command  # type: ignore[return-value]  # the option above adds reports

    return decorate


def _wants_color(choice: str) -> bool:
    if choice == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def exit_code(findings: Sequence[Any]) -> int:
    """1 where one of the findings is an error, else 0."""
    from cluster_stacks.cli.exit_codes import FINDINGS, FINE
    from cluster_stacks.model.finding import Severity

    return FINDINGS if any(f.severity is Severity.ERROR for f in findings) else FINE
