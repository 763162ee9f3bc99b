"""The texts of an object, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.validation.problem import Pointer


def texts_of(value: object, pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    """Every text of a value with its place; keys are none. Not by recursion, which deep input could overflow."""
    waiting: list[tuple[Pointer, object]] = [(pointer, value)]
    while waiting:
        at, found = waiting.pop()
        if isinstance(found, str):
            yield at, found
        elif isinstance(found, dict):
            waiting += [((*at, str(key)), item) for key, item in reversed(found.items())]
        elif isinstance(found, list):
            waiting += [((*at, number), item) for number, item in reversed(list(enumerate(found)))]
