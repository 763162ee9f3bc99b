"""From the schema of a variable to what is known of its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cluster_stacks.gotemplate.unknown import Kind, Unknown

_KINDS: Final[Mapping[str, Kind]] = {
    "string": "string", "integer": "number", "number": "number", "boolean": "bool", "array": "list", "object": "map",
}
_BOUNDS: Final = {"string": "Length", "list": "Items", "map": "Properties"}
_DEEPEST: Final = 50


def of_schema(schema: Any, name: str = "", *, absent: bool = False, depth: int = 0) -> Unknown:
    """A value that fits an `openAPIV3Schema` of Cluster API; `absent`: the variable need not be set.

    A property may be missing where it is neither required nor has a default: Cluster API fills defaults in before
    patches run. What is malformed in a schema leaves the value less known.
    """
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return Unknown("any", name, absent=absent)
    kind = _KINDS.get(str(schema.get("type")), "any")
    if schema.get("x-kubernetes-int-or-string"):
        kind = "any"
    bounds = _BOUNDS.get(kind, "")
    return Unknown(
        kind, name, values=_values(schema.get("enum")), absent=absent, least=_bound(schema, f"min{bounds}", 0),
        most=_bound(schema, f"max{bounds}", None), **_inside(schema, kind, name, depth),
    )


def json_value(value: Any) -> Any:
    """A value of a document as Go reads it from JSON: every number a float64."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): json_value(item) for key, item in value.items()}
    return [json_value(item) for item in value] if isinstance(value, list) else value


def _values(enum: Any) -> tuple[Any, ...]:
    return tuple(json_value(value) for value in enum) if isinstance(enum, list) else ()


def _bound(schema: Mapping[str, Any], key: str, default: Any) -> Any:
    value = schema.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default


def _inside(schema: Mapping[str, Any], kind: Kind, name: str, depth: int) -> dict[str, Any]:
    """What is known of the items of a list, and of the fields of a map."""
    if kind == "list":
        return {"items": of_schema(schema.get("items"), "", depth=depth + 1)}
    if kind != "map":
        return {}
    properties = schema.get("properties")
    more = schema.get("additionalProperties")
    if schema.get("x-kubernetes-preserve-unknown-fields") or (more and not isinstance(more, Mapping)):
        other: Unknown | None = Unknown("any", absent=True)
    else:
        other = of_schema(more, absent=True, depth=depth + 1) if isinstance(more, Mapping) else None
    return {"fields": _fields(schema, properties, name, depth), "other": other}


def _fields(schema: Mapping[str, Any], properties: Any, name: str, depth: int) -> dict[str, Any]:
    required = schema.get("required")
    needed = required if isinstance(required, list) else []
    fields = {}
    for key, inner in (properties if isinstance(properties, Mapping) else {}).items():
        given = key in needed or (isinstance(inner, Mapping) and "default" in inner)
        fields[str(key)] = of_schema(inner, f"{name}.{key}" if name else "", absent=not given, depth=depth + 1)
    return fields
