"""What a value costs to read: lists of lists can hold each other so often that no time is enough to print them."""

from __future__ import annotations

from typing import Any

from cluster_stacks.gotemplate.errors import DEFAULT, CostError

_DEEPEST = 100
_ITEM = 10


def weight(value: Any) -> int:
    """Characters, and ten for each item, as often as they would be printed. Raises CostError where that is too much."""
    if isinstance(value, str):
        return len(value)
    return _weight(value, {}, 0) if isinstance(value, dict | list) else _ITEM


def _weight(value: Any, known: dict[int, int], depth: int) -> int:
    if isinstance(value, str):
        return len(value) + _ITEM
    if not isinstance(value, dict | list):
        return _ITEM
    total = known.get(id(value))
    if total is None:
        if depth > _DEEPEST:
            raise CostError("a value is nested too deeply, or holds itself")
        total = _ITEM
        for item in value.values() if isinstance(value, dict) else value:
            total += _weight(item, known, depth + 1)
        if total > DEFAULT.work:
            raise CostError("a value is too large")
        known[id(value)] = total
    return total
