"""Replays a history, and says what `check` would have said of every commit against its first parent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.stack import PROVIDERS
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.log import Log, span

if TYPE_CHECKING:  # loaded while git works
    from cluster_stacks.versioning.replay import Judged
    from cluster_stacks.versioning.timeline import Timeline
    from cluster_stacks.versioning.verdicts import Verdict


class Asked(NamedTuple):
    """Which history: that of `stacks` (none: all), from after `since` (None: the first commit) to `head`.

    `ranges`: also each merge as the pull request that it was. `all_refs`: every commit of the repository.
    `every`: also the commits that are fine.
    """

    stacks: tuple[str, ...] = ()
    since: str | None = None
    head: str = "HEAD"
    ranges: bool = False
    all_refs: bool = False
    every: bool = False


class Row(NamedTuple):
    """What one commit, or with `range_` one pull request, did to one stack, and what is wrong with it."""

    judged: Judged
    verdicts: tuple[Verdict, ...]
    range_: str = ""
    """For a pull request: the ids of its first commit's parent on the branch and of its last commit, `a...b`."""


class HistoryResult(NamedTuple):
    """The rows that were asked for, oldest first, each stack's timeline, and how many commits were looked at."""

    rows: tuple[Row, ...]
    timelines: tuple[Timeline, ...]
    commits: int
    line: bool

    @property
    def findings(self) -> list[Finding]:
        return [finding for row in self.rows for finding in row.judged.findings]

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def history(repo: Path, asked: Asked) -> HistoryResult:
    """The history that was asked for.

    Raises CannotTell where it cannot be read to its end, Refused where the settings cannot be read.
    """
    git = Git.discover(repo)
    try:
        meant = span(git, asked.head, asked.since, all_refs=asked.all_refs)
        with Log(git, meant, folders(asked.stacks)) as commits:
            from cluster_stacks.operations.replaying import Replaying

            return Replaying(git, asked, meant).result(commits)
    finally:
        git.close()


def folders(patterns: Sequence[str]) -> tuple[str, ...]:
    """The folders of providers/ that hold the stacks that were named."""
    found: dict[str, None] = {}
    for pattern in patterns:
        parts = [part for part in pattern.split("/") if part not in ("", ".")]
        parts = parts[1:] if parts[:1] == [PROVIDERS] else parts
        found["/".join([PROVIDERS, *(() if ".." in parts else parts[:2])])] = None
    return tuple(found)
