"""Defaults and nulls as the API server treats them (apiextensions-apiserver: schema/defaulting)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.validation.compact import compact
from cluster_stacks.validation.defaults import defaulted
from cluster_stacks.validation.store import Store
from cluster_stacks.validation.structural import convert


def schema(node: dict[str, Any]) -> dict[str, Any]:
    return compact(convert(node, "x"))


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


TEXT: dict[str, Any] = {"type": "string"}
NAMED = object_of(name={**TEXT, "default": "a"}, size={"type": "integer", "nullable": True, "default": 1})


@pytest.mark.parametrize(("node", "value", "result"), [
    (NAMED, {}, {"name": "a", "size": 1}),
    (NAMED, {"name": "b", "size": 2}, {"name": "b", "size": 2}),
    (NAMED, {"name": None, "size": None}, {"name": "a", "size": None}),
    (object_of(a=TEXT), {"a": None, "b": None}, {"b": None}),
    (object_of(a={**TEXT, "nullable": True}), {"a": None}, {"a": None}),
    (object_of(a=NAMED), {}, {}),
    (object_of(a=NAMED), {"a": {}}, {"a": {"name": "a", "size": 1}}),
    (object_of(a={**NAMED, "default": {"size": 3}}), {}, {"a": {"name": "a", "size": 3}}),
    ({"type": "array", "items": NAMED}, [{}, {"name": "b"}], [{"name": "a", "size": 1}, {"name": "b", "size": 1}]),
    ({"type": "array", "items": TEXT}, ["a", None], ["a", None]),
    ({"type": "array", "items": {**TEXT, "default": "b"}}, ["a", None], ["a", "b"]),
    ({"type": "object", "additionalProperties": NAMED}, {"x": {}}, {"x": {"name": "a", "size": 1}}),
    ({"type": "object", "additionalProperties": TEXT}, {"x": None, "y": "z"}, {"y": "z"}),
    ({"type": "object", "additionalProperties": {**TEXT, "default": "b"}}, {"x": None}, {"x": "b"}),
    (object_of(a={"type": "boolean", "default": False}), {}, {"a": False}),
    (object_of(a={"x-kubernetes-preserve-unknown-fields": True}), {"a": {"b": None}}, {"a": {"b": None}}),
    (object_of(a={**NAMED, "anyOf": [{"required": ["name"]}, {"required": ["size"]}]}), {"a": {}},
     {"a": {"name": "a", "size": 1}}),
    (NAMED, "not an object", "not an object"),
    (object_of(a=NAMED), {"a": ["not an object"]}, {"a": ["not an object"]}),
])
def test_defaults_are_filled_in_from_the_top_down(node: dict[str, Any], value: Any, result: Any) -> None:
    before = copy.deepcopy(value)
    assert defaulted(value, schema(node)) == result
    assert value == before, "what is given stays as it is"
    assert defaulted(value, node) == result, "a variable's schema means the same as the one that is made of it"


def test_nothing_is_copied_where_nothing_changes() -> None:
    value = {"a": {"name": "x", "size": 1}, "b": {"c": [1, 2]}}
    node = schema(object_of(a=NAMED, b={"type": "object", "x-kubernetes-preserve-unknown-fields": True}))
    assert defaulted(value, node) is value
    changed = defaulted({**value, "a": {}}, node)
    assert changed["b"] is value["b"]


def test_a_schema_that_refers_to_itself_ends(store: Store) -> None:
    info = store.find("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    assert info is not None
    value: dict[str, Any] = {"spec": {"versions": [{"schema": {"openAPIV3Schema": {"properties": {"a": {}}}}}]}}
    assert defaulted(value, store.schema(info)) is value


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
)
NODES = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "integer"])},
        optional={"default": st.sampled_from(["x", 1]), "nullable": st.just(True)},
    ),
    lambda inner: st.one_of(
        st.builds(lambda p: object_of(**p), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
        st.builds(lambda p: {"type": "object", "additionalProperties": p}, inner),
        st.builds(lambda p: {"type": "array", "items": p}, inner),
        st.builds(lambda p: {**p, "default": {}}, st.builds(lambda q: object_of(a=q), inner)),
    ),
    max_leaves=6,
)


@given(NODES, VALUES)
def test_defaulting_twice_is_defaulting_once_and_loses_nothing(node: dict[str, Any], value: Any) -> None:
    before = copy.deepcopy(value)
    once = defaulted(value, node)
    assert value == before
    assert defaulted(once, node) == once
    assert_kept(value, once)


def assert_kept(value: Any, result: Any) -> None:
    """Every value that is not null is still there."""
    if isinstance(value, dict):
        for key, part in value.items():
            if part is not None:
                assert_kept(part, result[key])
    elif isinstance(value, list):
        assert len(value) == len(result)
        for part, other in zip(value, result, strict=True):
            if part is not None:
                assert_kept(part, other)
    else:
        assert value == result
        assert type(value) is type(result)
