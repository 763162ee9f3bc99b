"""The schema of a variable as something that judges values: exactly as Cluster API's webhooks would.

They use the library of CRDs, with differences that `structural` knows nothing of: nulls are not dropped, a required
field must be there although it has a default, a negative `maxLength` refuses everything, and what the library does not
understand (an unknown format, a keyword that nothing reads) says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.validation.capi.re2 import translated
from cluster_stacks.validation.formats import wrong
from cluster_stacks.validation.problem import Pointer
from cluster_stacks.validation.schema_words import FORMATS, INT32, INT64, Schema

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

BRANCHES = ("allOf", "anyOf", "oneOf")
LENGTHS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
TYPES = ("object", "array", "string", "integer", "number", "boolean")
INT_OR_STRING = "x-kubernetes-int-or-string"
OPEN = "x-kubernetes-preserve-unknown-fields"
WRITTEN = "x-pattern"
_AT = "x-schema"
"""Patterns of Go are none of ECMAScript: where the meta-schema looks, they would be refused."""
Node = Mapping[str, object]


class Compiled(NamedTuple):
    """A validator, the schema that its errors' paths lead through, and its patterns as they were written."""

    validator: Draft7Validator
    schema: Schema
    patterns: Mapping[str, str]


@lru_cache(maxsize=1024)
def compiled(text: str, *, closed: bool, key: str = "") -> Compiled | None:
    """The validator of a schema that is given as JSON; None where it cannot be one.

    `closed` says that no unknown field is let pass. With a `key`, values stand in a mapping at that key.
    """
    from jsonschema_rs import Draft7Validator, RegexOptions, ValidationError

    try:
        inner = converted(json.loads(text), closed=closed)
        if key:
            inner = {"type": "object", "properties": {key: inner}, "required": [key]}
        validator = Draft7Validator(
            {"$ref": f"#/{_AT}", _AT: inner}, validate_formats=False, pattern_options=RegexOptions(), offline=True,
            mask="the value",
        )
    except (ValidationError, ValueError, RecursionError):
        return None
    return Compiled(validator, {_AT: inner}, dict(patterns_of(inner)))


def converted(node: object, *, closed: bool, branch: bool = False) -> Schema:
    """A schema of draft 7. What is of a wrong type is left out: other rules find that."""
    if not isinstance(node, Mapping):
        return {}
    out = {**_type(node), **_bounds(node)}
    properties = node.get("properties")
    if isinstance(properties, Mapping):
        out["properties"] = {
            str(name): converted(child, closed=closed, branch=branch) for name, child in properties.items()
        }
    for key in ("items", "additionalProperties", "not"):
        if isinstance(node.get(key), Mapping):
            out[key] = converted(node[key], closed=closed, branch=branch or key == "not")
    for key in BRANCHES:
        parts = node.get(key)
        if isinstance(parts, list) and parts:
            out[key] = [converted(part, closed=closed, branch=True) for part in parts]
    required = node.get("required")
    if isinstance(required, list):
        out["required"] = sorted({name for name in required if isinstance(name, str)})
    if closed and not branch and node.get("type") == "object" and node.get(OPEN) is not True:
        out.setdefault("additionalProperties", False)
    return out


def _type(node: Node) -> Schema:
    if node.get(INT_OR_STRING) is True:
        return {"type": ["integer", "string"]}
    return {"type": node["type"]} if node.get("type") in TYPES else {}


def _bounds(node: Node) -> Schema:
    out: Schema = {key: value for key in LENGTHS if (value := whole(node.get(key))) is not None and value >= 0}
    for what in ("Length", "Items", "Properties"):
        most = whole(node.get(f"max{what}"))
        if most is not None and most < 0:  # nothing is as short; a negative least is let pass by everything
            out[f"max{what}"], out[f"min{what}"] = 0, 1
    for side, limit in (("minimum", 0), ("maximum", 1)):
        bound = whole(node.get(side))
        if bound is not None:
            exclusive = node.get(f"exclusive{side.capitalize()}") is True
            out[f"exclusive{side.capitalize()}" if exclusive else side] = bound
        if node.get("type") == "integer":
            widest = (INT32 if node.get("format") == "int32" else INT64)[limit]
            out[side] = (max, min)[limit](widest, bound if bound is not None and side in out else widest)
    if isinstance(node.get("pattern"), str):
        pattern = translated(str(node["pattern"]))
        if not pattern.wrong:
            out["pattern"], out[WRITTEN] = pattern.pattern, node["pattern"]
    enum = node.get("enum")
    if isinstance(enum, list) and any(value is not None for value in enum):
        out["enum"] = [value for value in enum if value is not None]
    if node.get("uniqueItems") is True:
        out["uniqueItems"] = True
    return out


def patterns_of(schema: object) -> Iterator[tuple[str, str]]:
    """The patterns of a schema that `converted` made, each with the one that was written."""
    if isinstance(schema, list):
        for item in schema:
            yield from patterns_of(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get(WRITTEN), str) and isinstance(schema.get("pattern"), str):
            yield schema["pattern"], schema[WRITTEN]
        for key, value in schema.items():
            if key != "enum":
                yield from patterns_of(value)


def format_problems(value: object, node: object, at: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    """The texts of a value that are not of the format that the schema says; the value fits the schema otherwise."""
    if not isinstance(node, Mapping):
        return
    if isinstance(value, str):
        form = str(node.get("format", "")).replace("-", "")
        said = wrong(form, value) if form in FORMATS and node.get("type") == "string" else ""
        if said:
            yield at, said
    elif isinstance(value, dict):
        properties, more = node.get("properties"), node.get("additionalProperties")
        for key, item in value.items():
            known = properties.get(key, more) if isinstance(properties, Mapping) else more
            yield from format_problems(item, known, (*at, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from format_problems(item, node.get("items"), (*at, number))


def whole(value: object) -> int | None:
    """A number without a fraction; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if abs(value) < 2**63 and int(value) == value else None
