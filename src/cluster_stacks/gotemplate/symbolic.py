"""What functions make of unknown values, where that is more than `some value of its type`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from cluster_stacks.gotemplate import printing
from cluster_stacks.gotemplate.errors import CallError
from cluster_stacks.gotemplate.unknown import Partial, Unknown, holds_unknown
from cluster_stacks.gotemplate.values import INVALID, basic, type_name
from cluster_stacks.gotemplate.world import World, type_of

# Functions that do not look into the items of containers, with how many of their arguments must be known as containers.
SHALLOW: Final = {
    "list": 0, "tuple": 0, "dict": 0, "get": 2, "set": 2, "unset": 2, "hasKey": 2, "pluck": 9, "keys": 9, "pick": 9,
    "omit": 9, "values": 9, "append": 1, "push": 1, "mustAppend": 1, "mustPush": 1, "prepend": 1, "mustPrepend": 1,
    "first": 1, "mustFirst": 1, "rest": 1, "mustRest": 1, "last": 1, "mustLast": 1, "initial": 1, "mustInitial": 1,
    "reverse": 1, "mustReverse": 1, "slice": 9, "mustSlice": 9, "concat": 9, "len": 1, "index": 9, "dig": 0,
    "typeOf": 1, "kindOf": 1, "typeIs": 2, "kindIs": 2, "typeIsLike": 2,
}
_SIMPLE: Final = re.compile(r"%[svdq%]")
_BASIC: Final = {"string": "string", "text": "string", "number": "float", "bool": "bool", "int": "int", "int64": "int"}


def identity(value: Any) -> Any:
    """A key that is the same for the same value in one run."""
    if isinstance(value, Unknown):
        return ("unknown", id(value))
    if isinstance(value, Partial):
        return ("partial", *(identity(piece) for piece in value.pieces))
    if isinstance(value, dict | list):
        return ("container", id(value))
    return (type(value), value)


def opened(world: World, value: Any) -> Any:
    """An unknown list or map as one that this run might see; anything else as it is."""
    if isinstance(value, Unknown):
        if value.kind == "map":
            return world.entries(value)
        if value.kind == "list":
            return world.elements(value)
        return settled(world, world.concrete(value))
    return settled(world, value)


def settled(world: World, value: Any) -> Any:
    """A map without the keys that this run takes for missing."""
    if isinstance(value, dict) and any(isinstance(item, Unknown) and item.absent for item in value.values()):
        return {key: world.known(item) for key, item in value.items() if world.is_present(item)}
    return value


def _kind(value: Any) -> str | None:
    if isinstance(value, Partial):
        return "string"
    return _BASIC.get(value.kind) if isinstance(value, Unknown) else basic(value)


def _equal(world: World, first: Any, *others: Any) -> Any:
    if not others:
        raise CallError("missing argument for comparison")
    first = world.concrete(first)
    return any(_equals(world, first, world.concrete(other)) for other in others)


def _equals(world: World, first: Any, second: Any) -> bool:
    first, second = world.known(first), world.known(second)
    if first is second and _kind(first):
        return True
    nothing = (None, INVALID)
    if first in nothing or second in nothing:
        return first in nothing and second in nothing
    sides = [side for side in (first, second) if isinstance(side, Unknown)]
    if any(side.kind == "any" for side in sides):
        pass
    elif _kind(first) != _kind(second):
        raise CallError(f"incompatible types for comparison: {_type(first)} and {_type(second)}")
    elif _kind(first) is None:
        raise CallError(f"non-comparable type {_type(first)}")
    if not sides and not isinstance(first, Partial) and not isinstance(second, Partial):
        from cluster_stacks.gotemplate.builtins import equal

        return bool(equal(first, second))
    if len(sides) == 1 and not isinstance(first, Partial) and not isinstance(second, Partial):
        other = second if sides[0] is first else first
        return not isinstance(other, dict | list) and world.equal(sides[0], other)
    key = ("eq", *sorted(map(repr, (identity(first), identity(second)))))
    return world.choose(key, (f"{first!r} is not {second!r}", f"{first!r} is {second!r}")) == 1


def _type(value: Any) -> str:
    return type_of(value) or "interface {}" if isinstance(value, Unknown | Partial) else type_name(value)


def _ordered(name: str) -> Callable[..., Any]:
    def compare(world: World, first: Any, second: Any) -> Any:
        first, second = world.concrete(first), world.concrete(second)
        if not isinstance(first, Unknown | Partial) and not isinstance(second, Unknown | Partial):
            from cluster_stacks.gotemplate.builtins import FUNCTIONS as KNOWN

            return KNOWN[name][1](first, second)
        sides = [side for side in (first, second) if not (isinstance(side, Unknown) and side.kind == "any")]
        kinds = [_kind(side) for side in sides]
        if None in kinds or "bool" in kinds:
            raise CallError("invalid type for comparison")
        if len(set(kinds)) > 1:
            raise CallError(f"incompatible types for comparison: {_type(first)} and {_type(second)}")
        words = f"{name} {first!r} {second!r}"
        return world.choose((name, identity(first), identity(second)), (f"not ({words})", words)) == 1

    return compare


def _default(world: World, fallback: Any, *given: Any) -> Any:
    return world.known(given[0]) if given and world.truth(given[0]) else fallback


def _coalesce(world: World, *values: Any) -> Any:
    return next((world.known(value) for value in values if world.truth(value)), None)


def _ternary(world: World, yes: Any, no: Any, condition: Any) -> Any:
    return yes if world.truth(condition) else no


def _text(world: World, value: Any) -> Any:
    return joined(printing.inner(world, value))


def joined(pieces: list[str | Unknown]) -> Any:
    """Pieces of text as one string, as known as they are."""
    merged: list[str | Unknown] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    if not merged:
        return ""
    if len(merged) == 1 and (isinstance(merged[0], str) or merged[0].kind == "string"):
        return merged[0]
    return Partial(tuple(merged))


def _quote(mark: str) -> Callable[..., Any]:
    def quote(world: World, *values: Any) -> Any:
        pieces: list[str | Unknown] = []
        for value in values:
            if value is None or value is INVALID:
                continue
            pieces += [" "] if pieces else []
            if not holds_unknown(world.known(value)):
                from cluster_stacks.gotemplate.strings import FUNCTIONS as KNOWN

                pieces.append(KNOWN["quote" if mark == '"' else "squote"][1](world.known(value)))
                continue
            pieces += [mark, *_inside(world, printing.inner(world, value)), mark]
        return joined(pieces)

    return quote


def _inside(world: World, pieces: list[str | Unknown]) -> list[str | Unknown]:
    """Unknown pieces as they stand in quotes: some text, escaped."""
    return [
        world.derive(("quoted", id(piece)), "text", piece.name, values=piece.values) if isinstance(piece, Unknown)
        else piece.replace("\\", "\\\\").replace('"', '\\"') for piece in pieces
    ]


def _printf(world: World, layout: Any, *values: Any) -> Any:
    if not isinstance(layout, str):
        return NotImplemented
    if "%" in _SIMPLE.sub("", layout):
        return NotImplemented
    return _filled(world, layout, list(values))


def _filled(world: World, layout: str, values: list[Any]) -> Any:
    from cluster_stacks.gotemplate.layouts import sprintf

    pieces: list[str | Unknown] = []
    at = 0
    for match in _SIMPLE.finditer(layout):
        pieces.append(layout[at : match.start()])
        at = match.end()
        if match.group() == "%%":
            pieces.append("%")
            continue
        if not values:
            return NotImplemented
        value = world.known(values.pop(0))
        if not holds_unknown(value):
            pieces.append(sprintf(match.group(), [value]))
            continue
        pieces += _verb(world, match.group()[1], value)
    if values:
        return NotImplemented
    pieces.append(layout[at:])
    return joined(pieces)


def _verb(world: World, verb: str, value: Any) -> list[str | Unknown]:
    kind = "string" if isinstance(value, Partial) else value.kind if isinstance(value, Unknown) else "any"
    inner = printing.inner(world, value)
    fits = {"v": True, "s": kind in ("string", "text", "any"), "d": kind in ("int", "int64", "any")}
    if verb == "q" and kind in ("string", "text"):
        return ['"', *_inside(world, inner), '"']
    if fits.get(verb) or kind == "any":
        return inner
    return [f"%!{verb}({type_of(value)}=", *inner, ")"]


def _print(world: World, *values: Any) -> Any:
    pieces: list[str | Unknown] = []
    strings = [
        isinstance(value, str | Partial) or (isinstance(value, Unknown) and value.kind in ("string", "text"))
        for value in values
    ]
    if any(isinstance(value, Unknown) and value.kind == "any" for value in values) and len(values) > 1:
        return NotImplemented
    for index, value in enumerate(values):
        if index and not strings[index] and not strings[index - 1]:
            pieces.append(" ")
        pieces += printing.inner(world, value)
    return joined(pieces)


def _dig(world: World, *arguments: Any) -> Any:
    if len(arguments) < 3 or not all(isinstance(key, str) for key in arguments[:-2]):
        return NotImplemented
    value, fallback = arguments[-1], arguments[-2]
    for key in arguments[:-2]:
        value = world.known(value)
        if isinstance(value, Unknown) and value.kind in ("map", "any"):
            value = world.member(value, key)
        elif isinstance(value, dict):
            value = value.get(key, INVALID)
            if not world.is_present(value):
                value = INVALID
        else:
            return NotImplemented
        if value is INVALID:
            return fallback
    return value


def _has_key(world: World, container: Any, key: Any) -> Any:
    return _present(world, container, key, lambda value: value is not INVALID)


def _get(world: World, container: Any, key: Any) -> Any:
    return _present(world, container, key, lambda value: "" if value is INVALID else value)


def _index(world: World, container: Any, *keys: Any) -> Any:
    for key in keys:
        container = world.known(container)
        if isinstance(container, dict) or (isinstance(container, Unknown) and container.kind == "map"):
            container = _present(world, container, key, lambda value: None if value is INVALID else value)
        elif isinstance(container, Unknown) and container.kind == "list":
            container = _item(world, world.elements(container), key)
        elif isinstance(container, Unknown | Partial):
            return NotImplemented
        else:
            container = _item(world, container, key)
        if container is NotImplemented:
            return container
    return container


def _item(world: World, container: Any, key: Any) -> Any:
    """An item of a known list or text, or what Go says of another value."""
    from cluster_stacks.gotemplate.builtins import index

    key = world.concrete(key)
    if isinstance(container, list | str) and isinstance(key, Unknown | Partial):
        return NotImplemented
    return index(container, key)


def _present(world: World, container: Any, key: Any, answer: Callable[[Any], Any]) -> Any:
    container, key = world.known(container), world.concrete(key)
    if not isinstance(key, str):
        return NotImplemented
    if isinstance(container, Unknown):
        return answer(world.member(container, key)) if container.kind == "map" else NotImplemented
    if not isinstance(container, dict):
        return NotImplemented
    value = container.get(key, INVALID)
    return answer(world.known(value) if world.is_present(value) else INVALID)


FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "eq": _equal,
    "ne": lambda world, first, second: not _equal(world, first, second),
    "lt": _ordered("lt"), "le": _ordered("le"), "gt": _ordered("gt"), "ge": _ordered("ge"),
    "not": lambda world, value: not world.truth(value),
    "empty": lambda world, value: not world.truth(value),
    "all": lambda world, *values: all(world.truth(value) for value in values),
    "any": lambda world, *values: any(world.truth(value) for value in values),
    "default": _default, "coalesce": _coalesce, "ternary": _ternary,
    "toString": _text, "quote": _quote('"'), "squote": _quote("'"),
    "printf": _printf, "print": _print, "dig": _dig, "hasKey": _has_key, "get": _get, "index": _index,
}
