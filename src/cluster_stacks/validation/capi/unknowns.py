"""Variables whose values only a Cluster will say, as templates can be explored with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cluster_stacks.gotemplate.unknown import Kind, Unknown
from cluster_stacks.validation.capi import builtins
from cluster_stacks.validation.capi.paths import Schema, type_of
from cluster_stacks.validation.capi.templates import as_go
from cluster_stacks.validation.capi.view import Variable

_KINDS: Final[dict[str, Kind]] = {
    "string": "string", "integer": "number", "number": "number", "boolean": "bool", "array": "list", "object": "map",
}
_BOUNDS = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems"),
           "object": ("minProperties", "maxProperties")}
_DEPTH = 12
_CHOICES = 32


def data_of(variables: Iterable[Variable], holder: builtins.Holder) -> dict[str, Any]:
    """What a template sees: each variable unknown but for what its schema says; `builtin` as objects of a holder do."""
    data: dict[str, Any] = {
        variable.name: unknown(
            variable.schema, f".{variable.name}",
            absent=not variable.required and variable.schema.get("default") is None,
        )
        for variable in variables if variable.name
    }
    data[builtins.NAME] = unknown(builtins.schema_of(holder), f".{builtins.NAME}")
    return data


def unknown(schema: Schema, name: str, *, absent: bool = False, depth: int = 0) -> Unknown:
    """A value of which only the schema is known."""
    kind = type_of(schema)
    choices = schema.get("enum")
    few = choices if isinstance(choices, list) and len(choices) <= _CHOICES else ()
    values = tuple(as_go(choice) for choice in few)
    if kind not in _KINDS or any(isinstance(value, dict | list) or value is None for value in values):
        return Unknown("any", name, absent=absent)
    low, high = _bounds(schema, kind)
    if kind == "object" and depth < _DEPTH:
        return _map(schema, name, low, high, absent=absent, depth=depth)
    items = schema.get("items")
    item = unknown(items, f"{name}[]", depth=depth + 1) if isinstance(items, Mapping) and depth < _DEPTH else None
    return Unknown(_KINDS[kind], name, values=values, absent=absent, items=item, least=low, most=high)


def _map(schema: Schema, name: str, low: int, high: int | None, *, absent: bool, depth: int) -> Unknown:
    properties = schema.get("properties")
    listed = schema.get("required")
    required = listed if isinstance(listed, list) else []
    fields = None
    if isinstance(properties, Mapping):
        fields = {
            key: unknown(
                child, f"{name}.{key}", depth=depth + 1,
                absent=key not in required and child.get("default") is None,
            )
            for key, child in properties.items() if isinstance(child, Mapping)
        }
    more = schema.get("additionalProperties")
    other = None
    if isinstance(more, Mapping):
        other = unknown(more, f"{name}.*", depth=depth + 1)
    elif fields is None or schema.get("x-kubernetes-preserve-unknown-fields") is True:
        other = Unknown("any", f"{name}.*")
    return Unknown("map", name, absent=absent, fields=fields, other=other, least=low, most=high)


def _bounds(schema: Schema, kind: str) -> tuple[int, int | None]:
    names = _BOUNDS.get(kind, ("", ""))
    low, high = (schema.get(name) for name in names)
    return low if isinstance(low, int) and low > 0 else 0, high if isinstance(high, int) else None
