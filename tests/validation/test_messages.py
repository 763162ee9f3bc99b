"""What people read: short, about their value, and never a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cluster_stacks.validation.compact import compact
from cluster_stacks.validation.embedded import MOST, Embedded
from cluster_stacks.validation.folders import MappingFolder
from cluster_stacks.validation.index import INDEX, KindInfo, dump_index
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.store import Store
from cluster_stacks.validation.structural import root

INFO = KindInfo("example.org", "v1", "Widget")


def problems(spec: dict[str, Any], value: object, **rest: object) -> list[Problem]:
    crd = {"type": "object", "properties": {"spec": spec}}
    schema = compact(root(crd, "example.org/v1", "Widget", status_ignored=True))
    files = {INDEX: dump_index([INFO]).encode(), INFO.file: json.dumps(schema).encode()}
    engine = Embedded(Store("1.36", [MappingFolder(files, "x")]))
    widget = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": value, **rest}
    return engine.problems(Item(0, (), widget), INFO)


def messages(spec: dict[str, Any], value: object) -> list[str]:
    return [problem.message for problem in problems(spec, value)]


@pytest.mark.parametrize(("spec", "value", "message"), [
    ({"type": "string"}, 5, "spec must be a text, not a whole number (5)"),
    ({"type": "string"}, True, "spec must be a text, not true or false"),
    ({"type": "integer"}, "5", "spec must be a whole number, not a text ('5')"),
    ({"type": "string", "nullable": True}, [], "spec must be a text, not a list"),
    ({"type": "string", "enum": ["small", "large"]}, "smal",
     "spec must be 'small' or 'large', not 'smal': did you mean 'small'?"),
    ({"type": "string", "minLength": 1}, "", "spec must have at least 1 character ('')"),
    ({"type": "array", "maxItems": 2, "items": {"type": "string"}}, ["a"] * 3, "spec must have at most 2 elements"),
    ({"type": "integer", "multipleOf": 5}, 7, "spec must be a multiple of 5 (7)"),
    ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, 0, "spec must be more than 0 (0)"),
    ({"type": "string", "format": "uuid"}, "x", "spec must be a UUID, not 'x'"),
    ({"type": "string", "pattern": "^a$"}, "b" * 80, "spec must match ^a$"),
    ({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}}, ["a", "a"],
     "spec must not have an element twice"),
    ({"type": "object"}, {"a": 1}, "spec has no field 'a': it has no fields"),
    ({"type": "object", "properties": {"replicas": {"type": "integer"}}}, {"Replicas": 1},
     "spec has no field 'Replicas': did you mean 'replicas'?"),
    ({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
      "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {},
     "spec fits no alternative: spec lacks the field 'a'; or spec lacks the field 'b'"),
    ({"type": "string", "not": {"pattern": "^x"}}, "xy",
     'spec is not allowed: {"pattern":"^x"} is not allowed for the value'),
])
def test_words(spec: dict[str, Any], value: object, message: str) -> None:
    assert messages(spec, value) == [message]


def test_long_lists_and_names_are_cut() -> None:
    (listed,) = messages({"type": "string", "enum": [f"value-{i}" for i in range(40)]}, "x")
    assert "(28 more)" in listed
    (unknown,) = messages({"type": "object"}, {"x" * 500: 1})
    assert len(unknown) < 120


def test_no_more_than_so_many_problems_of_one_object() -> None:
    value = {f"field-{i}": 1 for i in range(1000)}
    assert len(problems({"type": "object"}, value)) == MOST


def test_one_problem_a_place_and_rule() -> None:
    found = problems({"type": "string", "minLength": 3, "pattern": "^a+$"}, "b")
    assert len(found) == 1


def test_a_secret_is_never_repeated() -> None:
    engine = Embedded(Store("1.36"))
    info = engine.store.find("v1", "Secret")
    assert info is not None
    values = {"data": {"password": "hunter2!"}, "type": 5, "immutable": "hunter2", "stringData": {"a": 12345}}
    item = Item(0, (), {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, **values})
    found = [problem.message for problem in engine.problems(item, info)]
    assert len(found) == 4
    assert not any("hunter2" in message or "12345" in message for message in found)


def test_what_json_cannot_say_is_a_problem_and_no_crash() -> None:
    for value in ({1: 2}, "\ud800"):
        (problem,) = problems({"type": "array"}, value)
        assert "cannot be said in JSON" in problem.message


def test_pointers_are_those_of_the_document() -> None:
    spec = {"type": "array", "items": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}}
    found = problems(spec, [{"a": "x"}, {"b": 1}])
    assert sorted((problem.rule, problem.pointer, problem.on_key) for problem in found) == [
        ("CS402", ("spec", 1, "b"), True), ("CS403", ("spec", 1, "a"), False)
    ]
