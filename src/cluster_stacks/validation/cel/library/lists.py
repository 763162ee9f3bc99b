"""Lists and sets: Kubernetes' functions, CEL's extensions `lists` (version 3) and `sets`, and writing into maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from cluster_stacks.validation.cel.frame import bounded
from cluster_stacks.validation.cel.syntax import EvaluationError
from cluster_stacks.validation.cel.values import (
    NONE,
    Duration,
    Optional,
    Uint,
    equal,
    less,
    no_overload,
    unsigned,
    whole,
)

_COMPARABLE = ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")


def _of(name: str, result: str = "") -> str:
    return " | ".join(f".{name}(list({kind})) {result or kind}" for kind in _COMPARABLE)


def _is_sorted(items: list[object]) -> bool:
    return not any(less(after, before) for before, after in pairwise(items))


def _sum(items: list[Any], zero: object) -> object:
    if not items:
        return zero
    if isinstance(items[0], Duration):
        return Duration(whole(sum(item.nanoseconds for item in items)))
    total = sum(items)
    return total if isinstance(total, float) else unsigned(total) if isinstance(items[0], Uint) else whole(total)


def _most(items: list[object]) -> object:
    if not items:
        raise EvaluationError("max called on empty list")
    best = items[0]
    for item in items[1:]:
        best = item if less(best, item) else best
    return best


def _least(items: list[object]) -> object:
    if not items:
        raise EvaluationError("min called on empty list")
    best = items[0]
    for item in items[1:]:
        best = item if less(item, best) else best
    return best


def _index(items: list[object], value: object) -> int:
    return next((index for index, item in enumerate(items) if equal(item, value)), -1)


def _last_index(items: list[object], value: object) -> int:
    return next((index for index in range(len(items) - 1, -1, -1) if equal(items[index], value)), -1)


def _slice(items: list[object], start: int, end: int) -> list[object]:
    if start < 0 or end < 0 or start > end or end > len(items):
        raise EvaluationError(f"cannot slice({start}, {end}), list has length {len(items)}")
    return items[start:end]


def _flat(items: list[object], depth: int = 1) -> list[object]:
    if depth < 0:
        raise EvaluationError("level must be non-negative")
    found: list[object] = []
    for item in items:
        if isinstance(item, list) and depth:
            found += _flat(item, depth - 1)
        else:
            found.append(item)
    bounded(len(found))
    return found


def _distinct(items: list[object]) -> list[object]:
    found: list[object] = []
    for item in items:
        if not any(equal(item, other) for other in found):
            found.append(item)
    return found


def _range(size: int) -> list[object]:
    bounded(size)
    return list(range(size))


def _order(a: object, b: object) -> int:
    return -1 if less(a, b) else int(less(b, a))


def ordered(items: list[object], keys: list[object]) -> list[object]:
    """The elements in the order of their keys. Raises EvaluationError."""
    if keys and any(type(key) is not type(keys[0]) for key in keys):
        raise no_overload("sort", *keys[:2])
    def order(a: int, b: int) -> int:
        return _order(keys[a], keys[b])

    return [items[place] for place in sorted(range(len(keys)), key=cmp_to_key(order))]


def _ends(place: int) -> Callable[[list[object]], Optional]:
    return lambda items: Optional(items[place]) if items else NONE


def _contains(items: list[object], wanted: list[object]) -> bool:
    return all(any(equal(item, each) for item in items) for each in wanted)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    _of("isSorted", "bool"): _is_sorted,
    _of("max"): _most,
    _of("min"): _least,
    ".sum(list(int)) int": lambda items: _sum(items, 0),
    ".sum(list(uint)) uint": lambda items: _sum(items, Uint(0)),
    ".sum(list(double)) double": lambda items: _sum(items, 0.0),
    ".sum(list(duration)) duration": lambda items: _sum(items, Duration(0)),
    ".indexOf(list(A),A) int": _index,
    ".lastIndexOf(list(A),A) int": _last_index,
    ".slice(list(A),int,int) list(A)": _slice,
    ".flatten(list(list(A))) list(A)": _flat,
    ".flatten(list(dyn),int) list(dyn)": _flat,
    ".distinct(list(A)) list(A)": _distinct,
    "lists.range(int) list(int)": _range,
    ".reverse(list(A)) list(A)": lambda items: items[::-1],
    " | ".join(f".sort(list({kind})) list({kind})" for kind in _COMPARABLE): lambda items: ordered(items, items),
    ".first(list(A)) optional(A)": _ends(0),
    ".last(list(A)) optional(A)": _ends(-1),
    "sets.contains(list(A),list(A)) bool": _contains,
    "sets.equivalent(list(A),list(A)) bool": lambda a, b: _contains(a, b) and _contains(b, a),
    "sets.intersects(list(A),list(A)) bool": lambda a, b: any(equal(x, y) for x in a for y in b),
}
