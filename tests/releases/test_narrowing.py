"""Whether a schema of a variable still takes what an older one took."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_stacks.releases.narrowing import narrowings
from cluster_stacks.validation.capi.values import filled, value_problems

Schema = dict[str, Any]


def texts() -> st.SearchStrategy[Schema]:
    return st.fixed_dictionaries({"type": st.just("string")}, optional={
        "minLength": st.integers(0, 2), "maxLength": st.integers(2, 4),
        "enum": st.lists(words(), min_size=1, max_size=3), "pattern": st.sampled_from(["^[ab]*$", ".*", "^a"]),
        "nullable": st.booleans(), "default": words(),
    })


def words() -> st.SearchStrategy[str]:
    return st.sampled_from(["", "a", "b", "ab", "abc", "bbbb"])


def numbers() -> st.SearchStrategy[Schema]:
    return st.fixed_dictionaries({"type": st.sampled_from(["integer", "number"])}, optional={
        "minimum": st.integers(-2, 2), "maximum": st.integers(0, 4), "exclusiveMaximum": st.booleans(),
        "exclusiveMinimum": st.booleans(), "enum": st.lists(st.integers(-2, 4), min_size=1, max_size=3),
    })


def extended(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    lists = st.fixed_dictionaries({"type": st.just("array"), "items": inner}, optional={
        "minItems": st.integers(0, 1), "maxItems": st.integers(1, 3), "uniqueItems": st.booleans(),
    })
    fields = st.dictionaries(st.sampled_from("pqr"), inner, max_size=3)
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": fields}, optional={
            "required": st.lists(st.sampled_from("pqr"), unique=True, min_size=1, max_size=2),
            "x-kubernetes-preserve-unknown-fields": st.booleans(), "maxProperties": st.integers(1, 3),
        },
    )
    maps = st.fixed_dictionaries({"type": st.just("object"), "additionalProperties": inner})
    return st.one_of(lists, objects, maps)


SCHEMAS = st.recursive(st.one_of(texts(), numbers(), st.just({"type": "boolean"})), extended, max_leaves=4)
VALUES = st.recursive(
    st.one_of(words(), st.integers(-3, 5), st.booleans(), st.none(), st.just(0.5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("pqrs"), inner, max_size=3)),
    max_leaves=5,
)


def takes(schema: Schema, value: Any) -> bool:
    return not value_problems(schema, filled(copy.deepcopy(value), schema))


@settings(max_examples=80, deadline=None)
@given(SCHEMAS)
def test_a_schema_takes_what_it_took(schema: Schema) -> None:
    assert list(narrowings(schema, copy.deepcopy(schema))) == []


@settings(max_examples=200, deadline=None)
@given(SCHEMAS, SCHEMAS, st.lists(VALUES, min_size=1, max_size=12))
def test_where_nothing_is_narrower_no_value_is_lost(old: Schema, new: Schema, values: list[Any]) -> None:
    # What a Cluster has, has been through the defaults of the old schema.
    if not list(narrowings(old, new)):
        for value in values:
            stored = filled(copy.deepcopy(value), old)
            assert not takes(old, value) or takes(new, stored), (old, new, value)


EDITS: dict[str, Any] = {
    "enum": ["a"], "maxLength": 1, "minLength": 2, "nullable": False, "maximum": -1, "minimum": 4, "maxItems": 0,
    "maxProperties": 0, "properties": {}, "type": "boolean", "required": ["s"],
}


@settings(max_examples=120, deadline=None)
@given(SCHEMAS, st.sampled_from(sorted(EDITS)), st.lists(VALUES, min_size=20, max_size=40))
def test_an_edit_that_loses_a_value_is_found(old: Schema, keyword: str, values: list[Any]) -> None:
    new = {**copy.deepcopy(old), keyword: EDITS[keyword]}
    lost = [value for value in values if takes(old, value) and not takes(new, filled(copy.deepcopy(value), old))]
    assert not lost or list(narrowings(old, new)), (old, new, lost)


@settings(max_examples=100, deadline=None)
@given(SCHEMAS, st.sampled_from([
    "enum", "maxLength", "minLength", "pattern", "maximum", "minimum", "maxItems", "minItems", "uniqueItems",
    "required", "maxProperties", "description",
]))
def test_widening_never_breaks(old: Schema, keyword: str) -> None:
    new = {key: value for key, value in old.items() if key != keyword}
    if keyword in ("maximum", "minimum"):
        new.pop(f"exclusive{keyword.capitalize()}", None)
    assert list(narrowings(old, new)) == []


@pytest.mark.parametrize(("old", "new", "reason", "certain"), [
    ({"type": "string"}, {"type": "integer"}, "it was of type string and is of type integer now", True),
    ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["b"]}, 'it takes "a" no longer', True),
    ({"type": "string", "pattern": "a"}, {"type": "string", "pattern": "b"}, "it has another pattern now", False),
    ({"type": "string"}, {"type": "string", "anyOf": [{"maxLength": 1}]}, "it has another anyOf now", False),
    ({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}},
     {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string", "maxLength": 1}}}},
     "a[] must have at most 1 characters now", True),
    ({"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object"}, "a is gone", True),
    ({"type": "object", "additionalProperties": {"type": "string"}}, {"type": "object", "properties": {}},
     "it takes no other fields any more", True),
])
def test_what_it_says(old: Schema, new: Schema, reason: str, certain: bool) -> None:
    [found] = narrowings(old, new)
    assert (found.reason, found.certain) == (reason, certain)


def test_a_schema_of_any_depth_is_compared_in_bounded_time() -> None:
    old: Schema = {"type": "string"}
    for _ in range(90):
        old = {"type": "object", "properties": {"a": old, "b": old}}
    new = {**old, "description": "another"}
    assert len(list(narrowings(old, new))) == 0
