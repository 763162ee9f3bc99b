"""Runs the templates of a stranger in a process that can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cluster_stacks.delivery import rules
from cluster_stacks.delivery.generator import GENERATORS, Generator
from cluster_stacks.runtime.pool import Killed, map_bounded

T = TypeVar("T")
SECONDS = 300.0
"""For all files of a delivery: some 5,000 stacks on a slow machine."""


def bounded(work: Callable[[], T], generator: Generator, seconds: float = SECONDS) -> T:
    """The result of `work`, done in a forked process with bounds on time (in seconds), memory and output.

    Raises what `work` raises, and Refused (CS509) where it had to be stopped.
    """
    ((_, outcome),) = map_bounded(lambda _: work(), [None], jobs=1, timeout=seconds)
    if isinstance(outcome, Killed):
        why = f"{outcome.reason} ({outcome.detail})"
        message = f"the generator {generator.name} {why} and was stopped: simplify this file"
        path = outcome.note or f"{GENERATORS}/{generator.name}"
        raise rules.refused(rules.LIMIT, message, path, key=outcome.reason)
    return outcome
