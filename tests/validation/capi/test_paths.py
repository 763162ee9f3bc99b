"""Paths into variables and into schemas."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.validation.capi import builtins
from cluster_stacks.validation.capi.builtins import Holder
from cluster_stacks.validation.capi.paths import Missing, first_name, into_variable, is_number, segments, steps

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "list": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        "open": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    },
}


@pytest.mark.parametrize(("path", "wanted"), [
    ("/spec/a", ("spec", "a")), ("/a~1b/~01", ("a/b", "~1")), ("/spec/", ("spec", "")), ("", ()), ("x/y", ("y",)),
])
def test_pointers(path: str, wanted: tuple[str, ...]) -> None:
    assert segments(path) == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    ("a", [("a", None)]), ("a.b", [("a", None), ("b", None)]), ("a[0].b[12]", [("a", 0), ("b", 12)]),
    ("a[x]", None), ("a[0", None), ("a]0[", None), ("a[-1]", None), ("a[0][1]", None),
])
def test_paths_of_variables(text: str, wanted: list[tuple[str, int | None]] | None) -> None:
    found = steps(text)
    assert (None if found is None else [tuple(step) for step in found]) == wanted


@pytest.mark.parametrize(("text", "name"), [("a.b", "a"), ("a[0]", "a"), (".a", "a"), (".", ""), ("a].b", "a]")])
def test_the_name_that_the_webhook_looks_up(text: str, name: str) -> None:
    assert first_name(text) == name


@pytest.mark.parametrize(("segment", "number"), [("0", True), ("+1", True), ("-1", True), ("-", False), ("1_0", False),
                                                 ("٣", False), ("1a", False)])
def test_what_goes_for_an_index(segment: str, number: bool) -> None:
    assert is_number(segment) is number


@pytest.mark.parametrize(("path", "kind"), [
    ("v.text", "string"), ("v.list[0].name", "string"), ("v.map.anything", "integer"), ("v.list", "array"),
])
def test_a_path_into_a_schema(path: str, kind: str) -> None:
    found = into_variable(SCHEMA, steps(path) or ())
    assert not isinstance(found, Missing)
    assert found["type"] == kind


@pytest.mark.parametrize(("path", "missing"), [
    ("v.txet", Missing("", "txet", ("text", "list", "map", "open"), "object")),
    ("v.list.name", Missing("v.list".removeprefix("v"), "name", (), "array")),
    ("v.text[0]", Missing(".text", "[0]", (), "string")),
])
def test_a_path_that_leaves_a_schema(path: str, missing: Missing) -> None:
    found = into_variable(SCHEMA, steps(path) or ())
    assert isinstance(found, Missing)
    assert (found.name, found.known, found.kind) == (missing.name, missing.known, missing.kind)


def test_anything_may_be_below_what_is_open() -> None:
    assert into_variable(SCHEMA, steps("v.open.a.b[3].c") or ()) == {}


def test_builtins_that_the_webhook_knows_have_a_place_in_the_shape() -> None:
    missing = [
        name for name in sorted(builtins.NAMES)
        if isinstance(into_variable(builtins.anywhere(), steps(name) or ()), Missing)
    ]
    assert missing == []
    assert len(builtins.NAMES) == 44


@pytest.mark.parametrize("holder", Holder)
def test_each_holder_has_its_own_part_of_builtin(holder: Holder) -> None:
    properties = builtins.schema_of(holder)["properties"]
    assert isinstance(properties, dict)
    assert set(properties) == {"cluster", holder.value}
