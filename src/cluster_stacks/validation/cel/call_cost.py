"""What a call costs at worst, without its arguments, and how large its result is."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

from cluster_stacks.validation.cel.functions import Overload
from cluster_stacks.validation.cel.syntax import Call, Literal, Node
from cluster_stacks.validation.cel.types import Type

MOST = 2**64 - 1
_TEXT = 0.1
_PATTERN = 0.25
_TRAVERSED = frozenset(("url", "jsonpatch.escapeKey"))
_CHANGED = frozenset(("lowerAscii", "upperAscii", "substring", "trim"))
_PARSED = frozenset(("cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver", "ip"))
_LISTS = frozenset(("isSorted", "sum", "max", "min", "indexOf", "lastIndexOf"))
_MADE = frozenset(("slice", "lists.range", "reverse", "flatten", "distinct", "sort"))
_COMPARED = frozenset(("_<_", "_>_", "_<=_", "_>=_"))


class Size(NamedTuple):
    """The least and the most elements, characters or bytes."""

    least: int
    most: int


class Estimate(NamedTuple):
    """The cost of a call, and the size of its result where that is known."""

    cost: int
    size: Size | None = None


class Sizes(Protocol):
    """What knows the sizes of parts."""

    def size(self, node: Node) -> Size:
        """How large a value can be."""

    def element(self, node: Node) -> tuple[Type, Size] | None:
        """The type and size of a list's elements."""


def add(*costs: int) -> int:
    """The sum, as far as 64 bits go."""
    return min(sum(costs), MOST)


def times(a: int, b: int) -> int:
    """The product, as far as 64 bits go."""
    return min(a * b, MOST)


def scaled(size: int, factor: float) -> int:
    """The product with a factor, rounded up, as far as 64 bits go."""
    product = math.ceil(float(size) * factor)
    return MOST if product >= MOST else product


def estimate(sizes: Sizes, node: Call, overload: Overload) -> Estimate:
    """The cost of one form of a function."""
    name, first = node.function, overload.params[0].kind if overload.params else ""
    parts = [node.target, *node.args] if node.target is not None else node.args
    if name in _LISTS and overload.member:
        return Estimate(_over_list(sizes, parts[0]))
    if name in _MADE and not (name == "reverse" and first != "list"):
        return _made(sizes, name, parts)
    if name.startswith("sets."):
        factor = 2 if name == "sets.equivalent" else 1
        product = times(sizes.size(parts[0]).most, sizes.size(parts[1]).most)
        return Estimate(add(scaled(product, factor), 1))
    if name in _TRAVERSED or name in _CHANGED:
        size = sizes.size(parts[0])
        return Estimate(scaled(size.most, _TEXT), size)
    if name in _PARSED:
        return Estimate(1 if first == "opaque" else scaled(sizes.size(parts[0]).most, _TEXT))
    if name == "ip.isCanonical":
        return Estimate(scaled(sizes.size(parts[0]).most, 2 * _TEXT))
    if name in ("containsIP", "containsCIDR"):
        return Estimate(_network(sizes, name, overload, parts))
    if name == "validate":
        return Estimate(scaled(scaled(sizes.size(parts[1]).most, _TEXT), 128 * _PATTERN))
    if name in ("replace", "split", "join", "find", "findAll", "matches", "contains"):
        return _text(sizes, name, parts) if overload.member else Estimate(1)
    return _operator(sizes, name, first, parts)


def _operator(sizes: Sizes, name: str, first: str, parts: list[Node]) -> Estimate:
    if name in ("startsWith", "endsWith"):
        return Estimate(scaled(sizes.size(parts[1]).most, _TEXT))
    if name == "@in" and len(parts) == 2:
        return Estimate(sizes.size(parts[1]).most if parts[1].type.kind != "map" else 1)
    if name == "format":
        return Estimate(scaled(sizes.size(parts[0]).most, _TEXT))
    if name == "_+_" and first in ("string", "bytes", "list"):
        a, b = sizes.size(parts[0]), sizes.size(parts[1])
        size = Size(add(a.least, b.least), add(a.most, b.most))
        return Estimate(1 if first == "list" else scaled(size.most, _TEXT), size)
    if name in ("_==_", "_!=_") or (name in _COMPARED and first in ("string", "bytes")):
        if name == "_==_" and parts[0].type.kind == "opaque" and parts[0].type.name == parts[1].type.name:
            return Estimate(1)
        return Estimate(scaled(min(sizes.size(part).most for part in parts), _TEXT))
    if name in ("bytes", "string") and first in ("string", "bytes") and name != first:
        size = sizes.size(parts[0])
        made = Size(size.least, times(size.most, 4)) if name == "bytes" else Size(size.least // 4, size.most)
        return Estimate(scaled(size.most, _TEXT), made)
    if name == "strings.quote":
        size = sizes.size(parts[0])
        return Estimate(scaled(size.most, _TEXT), Size(size.least + 2, add(times(size.most, 2), 2)))
    return Estimate(1)


def _made(sizes: Sizes, name: str, parts: list[Node]) -> Estimate:
    """Functions that make a list: the more the larger it is, squared where each element is compared with each."""
    size, factor = sizes.size(parts[0]), 1.0
    if name == "slice":
        length = max(_constant(parts[2], size.most) - _constant(parts[1], 0), 0)
        size = Size(length, length)
    elif name == "lists.range":
        length = max(_constant(parts[0], MOST), 0)
        size = Size(length, length)
    elif name == "flatten":
        factor = float(_constant(parts[1], MOST)) if len(parts) > 1 else 1.0
    elif name in ("distinct", "sort"):
        size = Size(times(size.least, size.least), times(size.most, size.most))
        element = parts[0].type.params[0].kind if parts[0].type.params else ""
        factor = 2 + _TEXT if name == "sort" and element in ("string", "bytes") else 2.0
    return Estimate(add(scaled(size.most, factor), 11), size)


def _constant(node: Node, otherwise: int) -> int:
    return node.value if isinstance(node, Literal) and type(node.value) is int else otherwise


def _over_list(sizes: Sizes, target: Node) -> int:
    size = sizes.size(target)
    element = sizes.element(target) if target.type.kind == "list" else None
    if element is None:
        return scaled(size.most, _TEXT)
    each = 1
    if element[0].kind in ("string", "bytes"):
        each = add(each, scaled(element[1].most, _TEXT))
    return times(size.most, each)


def _network(sizes: Sizes, name: str, overload: Overload, parts: list[Node]) -> int:
    cost = scaled(32, _TEXT)
    if name == "containsCIDR":
        cost += scaled(16, _TEXT) + 1
    if overload.params[1].kind == "string":
        cost = add(cost, scaled(sizes.size(parts[1]).most, _TEXT))
    return cost


def _text(sizes: Sizes, name: str, parts: list[Node]) -> Estimate:
    size = sizes.size(parts[0])
    if name == "matches":
        return Estimate(times(scaled(add(size.most, 1), _TEXT), scaled(sizes.size(parts[1]).most, _PATTERN)))
    if name == "contains":
        return Estimate(times(scaled(size.most, _TEXT), scaled(sizes.size(parts[1]).most, _TEXT)))
    if name in ("find", "findAll"):
        pattern = scaled(sizes.size(parts[1]).most, _PATTERN)
        return Estimate(times(scaled(add(size.most, 1), _TEXT), pattern), Size(0, size.most))
    if name == "split":
        limit = parts[2] if len(parts) > 2 else None
        most = size.most
        if isinstance(limit, Literal) and isinstance(limit.value, int):
            most = limit.value % 2**64
        return Estimate(scaled(size.most, 2 * _TEXT), Size(0, most))
    if name == "join":
        return _join(sizes, parts)
    return Estimate(scaled(size.most, 2 * _TEXT), _replaced(size, sizes.size(parts[1]), sizes.size(parts[2])))


def _join(sizes: Sizes, parts: list[Node]) -> Estimate:
    items = sizes.size(parts[0])
    element = sizes.element(parts[0])
    least = most = 0
    if element is not None:
        least, most = times(items.least, element[1].least), times(items.most, element[1].most)
    if len(parts) > 1:
        separator = sizes.size(parts[1])
        least = add(least, times(separator.least, max(items.least - 1, 0)))
        most = add(most, times(separator.most, max(items.most - 1, 0)))
    return Estimate(scaled(most, _TEXT), Size(least, most))


def _replaced(text: Size, old: Size, new: Size) -> Size:
    """The size of a text in which something was replaced."""
    if old.least == 0:
        count, kept = min(text.most + 1, MOST), text.most
    elif new.most <= old.least:
        count, kept = 0, text.most
    else:
        count, kept = math.ceil(text.most / old.least), 0
    most = add(times(count, new.most), kept)
    if old.most == 0:
        count, kept = min(text.least + 1, MOST), text.least
    elif old.most <= new.least:
        count, kept = 0, text.least
    else:
        count, kept = math.ceil(text.least / old.most), 0
    return Size(add(times(count, new.least), kept), most)
