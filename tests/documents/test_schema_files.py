"""The schemas themselves: a typo in one would pass unseen, since JSON Schema ignores keywords it does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cluster_stacks.documents.schema import violations

FILES = sorted((Path(__file__).resolve().parents[2] / "schemas").glob("*.schema.json"))
KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "default", "examples",
    "type", "enum", "const", "format", "pattern", "minLength", "maxLength",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames", "required",
    "dependentRequired", "minProperties", "maxProperties",
    "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains",
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
}
OF_SCHEMAS = ("properties", "patternProperties", "$defs")
ONE_SCHEMA = (
    "additionalProperties", "unevaluatedProperties", "propertyNames", "items", "contains", "not", "if", "then", "else",
)
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and all schemas in it: walked by keyword, since a property may be called `properties`."""
    if not isinstance(schema, dict):
        return
    yield schema
    inner = [each for keyword in OF_SCHEMAS for each in schema.get(keyword, {}).values()]
    inner += [schema[keyword] for keyword in ONE_SCHEMA if keyword in schema]
    inner += [each for keyword in LISTS for each in schema.get(keyword, [])]
    for each in inner:
        yield from subschemas(each)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_schema_says_what_it_means(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/{file.name}")
    assert schema["description"]
    for each in subschemas(schema):
        assert set(each) <= KEYWORDS
        if "properties" in each and each.get("additionalProperties") is False:
            assert set(each.get("required", [])) <= set(each["properties"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_schema_finds_its_references(file: Path) -> None:
    violations({}, file.name.removesuffix(".schema.json"))


def test_changes_and_check_are_there() -> None:
    assert {"changes.schema.json", "check.schema.json"} <= {file.name for file in FILES}
