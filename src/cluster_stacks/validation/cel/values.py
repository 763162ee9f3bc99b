"""CEL's values in Python, how they compare and what they are called.

bool, int, float, str, bytes, None, list and dict are Python's own; the rest stands here. A map of an object's fields is
the dict that was read, by the names in the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import total_ordering
from typing import NamedTuple

from cluster_stacks.validation.cel.syntax import EvaluationError

INT_MAX, INT_MIN, UINT_MAX = 2**63 - 1, -(2**63), 2**64 - 1


class Uint(int):
    """An unsigned integer of 64 bits."""

    __slots__ = ()


@total_ordering
class Timestamp:
    """A moment, in nanoseconds since 1970; `ahead` are the minutes of the zone that it was written in."""

    __slots__ = ("ahead", "nanoseconds")

    def __init__(self, nanoseconds: int, ahead: int = 0) -> None:
        self.nanoseconds, self.ahead = nanoseconds, ahead

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timestamp) and self.nanoseconds == other.nanoseconds

    def __lt__(self, other: Timestamp) -> bool:
        return self.nanoseconds < other.nanoseconds

    def __hash__(self) -> int:
        return hash(self.nanoseconds)


class Duration(NamedTuple):
    """A span of time, in nanoseconds."""

    nanoseconds: int


class TypeValue(NamedTuple):
    """What `type(x)` gives."""

    name: str


class Optional:
    """A value, or none: `NONE`."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


NONE = Optional(None)


class SetList(list[object]):
    """A list whose order does not count (`x-kubernetes-list-type: set`, or `map` with `keys`)."""

    __slots__ = ("keys",)

    def __init__(self, items: list[object], keys: tuple[str, ...] = ()) -> None:
        super().__init__(items)
        self.keys = keys

    def key(self, item: object) -> object:
        """What an element is told by."""
        if not self.keys:
            return _hashable(item)
        return tuple(_hashable(item.get(key)) for key in self.keys) if isinstance(item, Mapping) else None


_KINDS: dict[type, str] = {
    bool: "bool", int: "int", Uint: "uint", float: "double", str: "string", bytes: "bytes", type(None): "null_type",
    list: "list", SetList: "list", dict: "map", Timestamp: "google.protobuf.Timestamp",
    Duration: "google.protobuf.Duration", TypeValue: "type", Optional: "optional_type",
}


def kind_of(value: object) -> str:
    """The name of a value's type, as `type(x)` compares it."""
    known = _KINDS.get(type(value))
    if known:
        return known
    return str(getattr(value, "cel_type", "")) or ("map" if isinstance(value, Mapping) else "dyn")


def equal(a: object, b: object) -> bool:
    """CEL's ==: values of different types are different, numbers are numbers whatever their type."""
    ka, kb = type(a), type(b)
    if ka is kb and ka in (str, int, bool, float):
        return a == b
    if ka is bool or kb is bool:
        return ka is kb and a == b
    if isinstance(a, (int, float)):
        return isinstance(b, (int, float)) and a == b
    if isinstance(a, list):
        return isinstance(b, list) and _equal_lists(a, b)
    if isinstance(a, Mapping):
        return isinstance(b, Mapping) and len(a) == len(b) and all(
            key in b and equal(value, b[key]) for key, value in a.items()
        )
    if ka is Optional:
        if kb is not Optional or a is NONE or b is NONE:
            return a is b
        return equal(a.value, b.value)  # type: ignore[attr-defined]  # both are Optional
    return ka is kb and a == b


def _equal_lists(a: list[object], b: list[object]) -> bool:
    if len(a) != len(b):
        return False
    if not isinstance(a, SetList):
        return all(map(equal, a, b))
    mine = {a.key(item): item for item in a}
    return all((key := a.key(item)) in mine and equal(mine[key], item) for item in b)


def _hashable(value: object) -> object:
    # True is 1 to a dict of Python, and "1" is another thing than 1.
    return (type(value) is bool, value) if isinstance(value, (str, int, float, bytes, type(None))) else repr(value)


def added(a: list[object], b: list[object]) -> list[object]:
    """`a + b`: of lists whose order does not count, the union, where the elements of `b` win."""
    if not isinstance(a, SetList):
        return [*a, *b]
    merged = {a.key(item): item for item in a}
    for item in b:
        key = a.key(item)
        if a.keys or key not in merged:
            merged[key] = item
    return SetList(list(merged.values()), a.keys)


_ORDERED = (bool, str, bytes, Timestamp, Duration)


def less(a: object, b: object) -> bool:
    """CEL's <, between numbers of any type, or two values of one ordered type. Raises EvaluationError."""
    ka, kb = type(a), type(b)
    if ka is not bool and kb is not bool and isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a < b
    if ka is kb and ka in _ORDERED:
        # Texts compare by their bytes in UTF-8; Python's code points give the same order.
        return a < b  # type: ignore[operator,no-any-return]  # of one ordered type
    raise no_overload("_<_", a, b)


def no_overload(function: str, *values: object) -> EvaluationError:
    """The error for values that a function does not take."""
    return EvaluationError(f"no such overload: {function}({', '.join(map(kind_of, values))})")


def whole(number: int) -> int:
    """The number, where an int of 64 bits holds it. Raises EvaluationError."""
    if INT_MIN <= number <= INT_MAX:
        return number
    raise EvaluationError("integer overflow")


def unsigned(number: int) -> Uint:
    """The number, where a uint of 64 bits holds it. Raises EvaluationError."""
    if 0 <= number <= UINT_MAX:
        return Uint(number)
    raise EvaluationError("unsigned integer overflow")
