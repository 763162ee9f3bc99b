"""The two ways of naming a place in patches: JSON pointers into templates, and paths into variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

_STEP = re.compile(r"([^\[\]]*)(?:\[(\d+)\])?")
_NUMBER = re.compile(r"[-+]?[0-9]+", re.ASCII)

Schema = Mapping[str, object]


@lru_cache(4096)
def segments(path: str) -> tuple[str, ...]:
    """The segments of a JSON pointer as Cluster API's library reads it: what stands before the first `/` is dropped."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def is_number(segment: str) -> bool:
    """Whether Cluster API takes a segment for an index of a list."""
    return _NUMBER.fullmatch(segment) is not None


class Step(NamedTuple):
    """One part of a variable's path: a field, and the index of the list that it holds (None: the field itself)."""

    name: str
    number: int | None


@lru_cache(4096)
def steps(variable: str) -> tuple[Step, ...] | None:
    """`list[0].name` → its parts; None where Cluster API cannot read it."""
    parts: list[Step] = []
    for text in variable.split("."):
        match = _STEP.fullmatch(text)
        if match is None:
            return None
        parts.append(Step(match[1], int(match[2]) if match[2] is not None else None))
    return tuple(parts)


@lru_cache(4096)
def first_name(variable: str) -> str:
    """The variable that a path begins with, as the webhook reads it: up to the first `.` or `[` that follows a name."""
    return next((part for part in re.split(r"[.\[]", variable) if part), "")


class Missing(NamedTuple):
    """Where a walk through a schema ends: after `reached` there is no `name` among `known`.

    `known` is empty where the value at that place is no mapping; `kind` is its type then.
    """

    reached: str
    name: str
    known: tuple[str, ...]
    kind: str


def child_of(schema: Schema, name: str) -> Schema | None:
    """The schema of a field, {} where anything may stand, None where there is no such field.

    Structural schemas (of variables, of builtins) and the closed ones of kinds are read alike.
    """
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and name in properties:
        return _schema(properties[name])
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping):
        return more
    if more is True or schema.get("x-kubernetes-preserve-unknown-fields") is True:
        return {}
    return {} if not schema else None


def items_of(schema: Schema) -> Schema | None:
    """The schema of a list's items, {} where anything may stand, None where it is no list."""
    items = schema.get("items")
    if isinstance(items, Mapping):
        return items
    return {} if not schema or schema.get("x-kubernetes-preserve-unknown-fields") is True else None


def type_of(schema: Schema) -> str:
    """The one type of a schema besides null, or an empty text."""
    found = schema.get("type")
    kinds = [kind for kind in found if kind != "null"] if isinstance(found, list) else [found]
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], str) else ""


def into_variable(schema: Schema, path: tuple[Step, ...]) -> Schema | Missing:
    """The schema at a path whose first step is the variable itself, or where the path leaves the schema."""
    reached = ""
    here = schema
    for number, step in enumerate(path):
        if number:
            child = child_of(here, step.name)
            if child is None:
                return Missing(reached, step.name, fields_of(here), type_of(here))
            here = child
        reached = f"{reached}.{step.name}" if number else step.name
        if step.number is not None:
            item = items_of(here)
            if item is None:
                return Missing(reached, f"[{step.number}]", (), type_of(here))
            here = item
            reached += f"[{step.number}]"
    return here


def fields_of(schema: Schema) -> tuple[str, ...]:
    """The names of a schema's fields."""
    properties = schema.get("properties")
    return tuple(properties) if isinstance(properties, Mapping) else ()


def value_at(value: object, pointer: Iterable[str | int], missing: object = None) -> Any:
    """The value at a place of a document, or `missing`."""
    for part in pointer:
        if (isinstance(value, Mapping) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and -len(value) <= part < len(value)
        ):
            value = value[part]  # type: ignore[index]  # it was just looked for
        else:
            return missing
    return value


def _schema(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}
