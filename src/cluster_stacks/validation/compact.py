"""Small, stable schema files: equal parts are written once, and a line holds as much as fits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator

from cluster_stacks.validation.schema_words import Schema

DRAFT = "http://json-schema.org/draft-07/schema#"
WORTH = 120
"""A part shorter than this (in characters of JSON) is repeated rather than named."""
WIDTH = 120
PARTS = ("allOf", "anyOf", "oneOf")


def compact(schema: Schema) -> Schema:
    """The same schema with every part that occurs more than once under `definitions`, named after its first place."""
    repeated = {text for text, count in _edges(schema).items() if count > 1 and len(text) >= WORTH}
    names: dict[str, str] = {}
    definitions: dict[str, object] = {}

    def shared(part: Schema, hint: str) -> Schema:
        text = _text(part)
        if text not in repeated:
            return _map(part, hint, shared)
        if text not in names:
            names[text] = _unused(hint, definitions)
            definitions[names[text]] = {}  # holds the name while the parts within take theirs
            definitions[names[text]] = _map(part, hint, shared)
        return {"$ref": f"#/definitions/{names[text]}"}

    out = _map(schema, "root", shared)
    ordered = {name: definitions[name] for name in sorted(definitions)}
    return {"$schema": DRAFT, **out, **({"definitions": ordered} if ordered else {})}


def _edges(schema: Schema) -> Counter[str]:
    """How many distinct parts hold each part: what stands only inside a repeated part is not repeated itself."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    todo = [schema]
    while todo:
        for _, child in children(todo.pop()):
            text = _text(child)
            counts[text] += 1
            if text not in seen:
                seen.add(text)
                todo.append(child)
    return counts


def children(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The schemas directly inside a schema, each with the name of the property it describes ("" for others)."""
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name in sorted(properties):
            yield name, properties[name]
    for key in ("items", "additionalProperties", "not"):
        if isinstance(child := schema.get(key), dict):
            yield "", child
    for key in PARTS:
        if isinstance(parts := schema.get(key), list):
            yield from (("", part) for part in parts)


def _map(schema: Schema, hint: str, function: Callable[[Schema, str], Schema]) -> Schema:
    out = dict(schema)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        out["properties"] = {name: function(properties[name], name) for name in sorted(properties)}
    for key in ("items", "additionalProperties", "not"):
        if isinstance(child := schema.get(key), dict):
            out[key] = function(child, hint)
    for key in PARTS:
        if isinstance(parts := schema.get(key), list):
            out[key] = [function(part, hint) for part in parts]
    return out


def _unused(hint: str, taken: dict[str, object]) -> str:
    number, name = 1, hint
    while name in taken:
        number += 1
        name = f"{hint}-{number}"
    return name


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def dumps(value: object) -> str:
    """JSON with sorted keys that breaks only what does not fit a line: small, and a diff still shows what changed."""
    return _lines(value, 0) + "\n"


def _lines(value: object, indent: int) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if len(text) + indent <= WIDTH or not isinstance(value, (dict, list)) or not value:
        return text
    pad = "\n" + " " * (indent + 1)
    if isinstance(value, dict):
        items = [f"{json.dumps(key, ensure_ascii=False)}:{_lines(value[key], indent + 1)}" for key in sorted(value)]
        return "{" + pad + ("," + pad).join(items) + "\n" + " " * indent + "}"
    return "[" + pad + ("," + pad).join(_lines(item, indent + 1) for item in value) + "\n" + " " * indent + "]"
