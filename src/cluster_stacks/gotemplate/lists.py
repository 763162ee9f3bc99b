"""sprig's functions on lists."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from cluster_stacks.gotemplate.conversions import to_int
from cluster_stacks.gotemplate.errors import CallError, CostError, NotKnownError
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.same import deep_equal
from cluster_stacks.gotemplate.unknown import Partial, Unknown
from cluster_stacks.gotemplate.values import Slice, is_true, kind

_PAIRS: Final = 1_000_000


def _list(value: Any, doing: str) -> list[Any]:
    """The items, where it is a list; else what Go says, for which the type of nil is a bug of its own."""
    if isinstance(value, list):
        return value
    if isinstance(value, Unknown | Partial):
        raise NotKnownError
    if value is None:
        raise CallError("runtime error: invalid memory address or nil pointer dereference")
    raise CallError(f"{doing} {kind(value)}")


def _push(items: Any, value: Any) -> list[Any]:
    return [*_list(items, "Cannot push on type"), value]


def _prepend(items: Any, value: Any) -> list[Any]:
    return [value, *_list(items, "Cannot prepend on type")]


def _first(items: Any) -> Any:
    found = _list(items, "Cannot find first on type")
    return found[0] if found else None


def _last(items: Any) -> Any:
    found = _list(items, "Cannot find last on type")
    return found[-1] if found else None


def _part(doing: str, start: int, end: int | None) -> Callable[[Any], Any]:
    def part(items: Any) -> Any:
        found = _list(items, doing)
        return list(found[start:end]) if found else Slice(is_nil=True)

    return part


def _reverse(items: Any) -> list[Any]:
    return list(_list(items, "Cannot find reverse on type"))[::-1]


def _compact(items: Any) -> list[Any]:
    return [item for item in _list(items, "Cannot compact on type") if is_true(item)]


def _uniq(items: Any) -> list[Any]:
    found: list[Any] = []
    _pairs(_list(items, "Cannot find uniq on type"), items)
    for item in _list(items, "Cannot find uniq on type"):
        if not _holds(found, item):
            found.append(item)
    return found


def _without(items: Any, *omitted: Any) -> list[Any]:
    _pairs(_list(items, "Cannot find without on type"), omitted)
    return [item for item in items if not _holds(omitted, item)]


def _pairs(one: Any, two: Any) -> None:
    """Raises CostError where comparing each of the one with each of the other takes too long."""
    if len(one) * len(two) > _PAIRS:
        raise CostError("lists that are too long to compare")


def _holds(items: Any, wanted: Any) -> bool:
    return any(deep_equal(wanted, item) for item in items)


def _has(wanted: Any, items: Any) -> bool:
    return items is not None and _holds(_list(items, "Cannot find has on type"), wanted)


def _slice(items: Any, *indices: Any) -> Any:
    found = _list(items, "list should be type of slice or array but")
    if not found:
        return None
    start = to_int(indices[0]) if indices else 0
    end = to_int(indices[1]) if len(indices) > 1 else len(found)
    if not 0 <= start <= end <= len(found):
        raise CallError("reflect.Value.Slice: slice index out of bounds")
    part = found[start:end]
    return Slice(part, found.element) if isinstance(found, Slice) else part


def _concat(*lists: Any) -> Any:
    joined = [item for items in lists for item in _list(items, "Cannot concat type")]
    return joined or Slice(is_nil=True)


def _chunk(size: int, items: Any) -> Any:
    found = _list(items, "Cannot chunk type")
    if size == 0:
        if not found:
            raise CallError("reflect: slice index out of range")
        raise CallError("runtime error: makeslice: len out of range")
    count = math.floor((len(found) - 1) / size) + 1
    if count < 0 or (size < 0 and count > 0):
        raise CallError("runtime error: makeslice: len out of range")
    return Slice([list(found[at * size : (at + 1) * size]) for at in range(count)], "[]interface {}")


_ONE: Final[dict[str, tuple[str, Body]]] = {
    "append": ("any any -> list", _push),
    "push": ("any any -> list", _push),
    "prepend": ("any any -> list", _prepend),
    "first": ("any -> any", _first),
    "last": ("any -> any", _last),
    "rest": ("any -> list", _part("Cannot find rest on type", 1, None)),
    "initial": ("any -> list", _part("Cannot find initial on type", 0, -1)),
    "reverse": ("any -> list", _reverse),
    "compact": ("any -> list", _compact),
    "uniq": ("any -> list", _uniq),
    "without": ("any any* -> list", _without),
    "has": ("any any -> bool", _has),
    "slice": ("any any* -> any", _slice),
    "chunk": ("int any -> list", _chunk),
}
FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    **_ONE,
    **{f"must{name[0].upper()}{name[1:]}": entry for name, entry in _ONE.items()},
    "concat": ("any* -> any", _concat),
}
