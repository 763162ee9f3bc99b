"""What an evaluation works on."""

from __future__ import annotations

import time
from collections.abc import Callable

from cluster_stacks.validation.cel.syntax import Unevaluated

Frame = list[object]
Run = Callable[[Frame], object]

BUDGET = 2
"""Where in a frame the steps that are left stand."""
STEPS = 200_000
"""Steps of loops in one evaluation: some tenths of a second. The API server's own limit is of that size."""
SECONDS = 2.0
"""Of one evaluation. Steps are no measure of what one step does with a text of megabytes."""
LARGEST = 16 * 1024 * 1024
"""Characters and elements of the texts and lists that one evaluation makes."""
_OFTEN = 15


class _Limits:
    """What the evaluation that runs may still do; one runs at a time."""

    deadline = 0.0
    made = 0


def begin() -> None:
    """An evaluation begins."""
    _Limits.deadline = time.monotonic() + SECONDS
    _Limits.made = 0


def bounded(size: int) -> None:
    """Takes note of something that size being made. Raises Unevaluated where it is too much."""
    _Limits.made += size
    if _Limits.made > LARGEST:
        raise Unevaluated("it makes texts or lists that are too large")


def step(frame: Frame, count: int = 1) -> None:
    """Takes steps from the budget. Raises Unevaluated where none is left."""
    left = frame[BUDGET] - count  # type: ignore[operator]  # an int stands there
    frame[BUDGET] = left
    if left < 0:
        raise Unevaluated(f"it takes more than {STEPS} steps")
    if not left & _OFTEN and time.monotonic() > _Limits.deadline:
        raise Unevaluated(f"it takes longer than {SECONDS:.0f} seconds")
