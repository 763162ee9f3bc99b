"""Whether one type can stand for another, with the types that a function leaves open."""

from __future__ import annotations

from cluster_stacks.validation.cel.types import EMPTY, Type, list_of, map_of, same

_ANY = ("dyn", "error", "empty")
_NULLABLE = ("opaque", "optional", "object", "null", "duration", "timestamp")


def fits(want: Type, got: Type, bound: dict[str, Type]) -> bool:
    """Whether `got` can stand where `want` is; `bound` holds what open types were found to be, and grows."""
    if want.kind == "param":
        known = bound.get(want.name)
        if known is None:
            bound[want.name] = got
            return True
        if not fits(known, got, bound):
            return False
        bound[want.name] = general(known, got)
        return True
    if want.kind in _ANY or got.kind in _ANY:
        return True
    if want.kind == "null" or got.kind == "null":
        return want.kind in _NULLABLE and got.kind in _NULLABLE
    if want.kind != got.kind or want.name != got.name:
        return False
    if want.kind == "object":
        return want is got
    if want.kind == "type" or len(want.params) != len(got.params):
        return want.kind == "type"
    return all(fits(a, b, bound) for a, b in zip(want.params, got.params, strict=True))


def general(a: Type, b: Type) -> Type:
    """The less specific of two types that fit one another."""
    return a if _covers(a, b) else b


def _covers(a: Type, b: Type) -> bool:
    """Whether `a` is as general as `b`, or more."""
    if a.kind == "empty" or b.kind == "empty":
        return b.kind == "empty"
    if a.kind in ("dyn", "error"):
        return True
    if b.kind == "dyn" or a.kind != b.kind or len(a.params) != len(b.params):
        return False
    if a.kind in ("list", "map", "optional"):
        return all(map(_covers, a.params, b.params))
    return same(a, b)


def resolved(kind: Type, bound: dict[str, Type]) -> Type:
    """A type with what its open types were found to be."""
    if kind.kind == "param":
        return bound.get(kind.name, EMPTY)
    if not kind.params:
        return kind
    params = [resolved(each, bound) for each in kind.params]
    if kind.kind == "list":
        return list_of(params[0])
    return map_of(params[0], params[1]) if kind.kind == "map" else Type(kind.kind, *params, name=kind.name)


def alike(a: Type, b: Type) -> bool:
    """Whether two types may stand in one list: the same, where what is empty may be of any."""
    if a.kind == "empty" or b.kind == "empty":
        return True
    if a.kind != b.kind or a.name != b.name or len(a.params) != len(b.params):
        return False
    return a is b or (a.kind != "object" and all(map(alike, a.params, b.params)))
