"""Equal parts once, and a text that stays the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft7Validator

from cluster_stacks.validation.compact import DRAFT, WIDTH, compact, dumps

PORT: dict[str, Any] = {
    "type": "object", "additionalProperties": False,
    "properties": {name: {"type": "string"} for name in ("network", "subnet", "address", "profile", "zone")},
}


def test_equal_parts_are_named_after_their_first_place() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"a": PORT, "b": {"type": "array", "items": PORT}}}
    made = compact(schema)
    assert made["$schema"] == DRAFT
    assert made["properties"] == {"a": {"$ref": "#/definitions/a"},
                                  "b": {"type": "array", "items": {"$ref": "#/definitions/a"}}}
    assert made["definitions"] == {"a": PORT}


def test_what_repeats_only_inside_a_repeated_part_stays_there() -> None:
    outer = {"type": "object", "properties": {"port": PORT, "name": {"type": "string"}}}
    made = compact({"type": "object", "properties": {"x": outer, "y": outer}})
    definitions = made["definitions"]
    assert isinstance(definitions, dict)
    assert list(definitions) == ["x"]


def test_names_do_not_collide() -> None:
    other = {**PORT, "minProperties": 1}
    inner = {"type": "object", "properties": {"a": other, "b": other}}
    made = compact({"type": "object", "properties": {"a": PORT, "b": PORT, "c": inner}})
    definitions = made["definitions"]
    assert isinstance(definitions, dict)
    assert sorted(definitions) == ["a", "a-2"]


def test_a_compact_schema_judges_as_before() -> None:
    schema = {"type": "object", "properties": {"a": PORT, "b": PORT}, "additionalProperties": False}
    plain, small = Draft7Validator(schema), Draft7Validator(compact(schema))
    for value in ({}, {"a": {"zone": "x"}}, {"b": {"zone": 1}}, {"a": {"other": "x"}}, {"c": 1}):
        assert plain.is_valid(value) == small.is_valid(value)


def test_the_text_is_json_that_breaks_only_long_lines() -> None:
    value = {"b": [1, 2], "a": dict.fromkeys(("one", "two", "three"), "x" * 60)}
    text = dumps(value)
    assert json.loads(text) == value
    assert text == dumps(dict(reversed(value.items())))
    assert text.endswith("\n")
    assert text.index('"a"') < text.index('"b":[1,2]')
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_no_schema_carries_prose(root: Path) -> None:
    for path in (root / "schemas" / "crds").rglob("*.json"):
        assert '"description":"' not in path.read_text(), path
