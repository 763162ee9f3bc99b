"""Renders stacks in bounded workers, one after the other: what validate, render and publish have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering.release import render
from cluster_stacks.rendering.rules import TEMPLATE_LIMIT
from cluster_stacks.runtime.pool import Killed, default_jobs, map_bounded
from cluster_stacks.runtime.progress import track

R = TypeVar("R")

SECONDS = 60.0
"""What one stack may take, by the clock. An honest one takes milliseconds, and 0.1 s more for each chart."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """What became of one stack: what was made of its release, or the findings that stood in the way."""

    result: R | None = None
    findings: tuple[Finding, ...] = ()


def map_rendered(
    sources: Iterable[StackSource | Refused], settings: Settings, then: Callable[[StackSource, Release], R], *,
    total: int | None = None, jobs: int | None = None, seconds: float = SECONDS,
) -> Iterator[Outcome[R]]:
    """`then(source, release)` of every stack, in order. A stack that cannot be read or rendered gives its findings.

    `then` runs in the worker that rendered, and what it returns is all that comes back: a release that nobody needs
    whole stays there. A worker that is hostile to time or memory costs its stack a finding. Raises CannotTell where a
    tool is missing. `total` says how many there are, to whoever watches.
    """

    def work(item: StackSource | Refused) -> Outcome[R]:
        try:
            if isinstance(item, Refused):
                raise item
            return Outcome(then(item, render(item, settings)))
        except Refused as refused:
            return Outcome(findings=refused.findings)

    outcomes = map_bounded(work, sources, jobs=jobs or default_jobs(), timeout=seconds)
    for item, outcome in track(outcomes, "rendering", total):
        if not isinstance(outcome, Killed):
            yield outcome
        else:
            yield Outcome(findings=_lost(item, outcome))


def whole(_: StackSource, release: Release) -> Release:
    """For `then`: the release itself."""
    return release


def _lost(item: StackSource | Refused, killed: Killed) -> tuple[Finding, ...]:
    if isinstance(item, Refused):  # it was found wrong before it came here
        return item.findings
    message = f"rendering {item.stack} {killed.reason} ({killed.detail}) and was stopped: simplify this file"
    path = killed.note or item.stack.path
    return (Finding(TEMPLATE_LIMIT, Severity.ERROR, message, path, stack=str(item.stack), key=killed.reason.value),)
