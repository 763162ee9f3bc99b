"""Which documents are objects, and what Lists hold."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.validation.documents import NESTING, items_of
from cluster_stacks.validation.problem import Judged

POD: dict[str, Any] = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}


def judged(*values: object) -> list[Judged]:
    return [Judged(value, "x.yaml") for value in values]


def listed(*items: object) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


def test_lists_are_judged_item_by_item() -> None:
    items, problems = items_of(judged(POD, listed(POD, listed(POD))))
    places = [(item.document, item.prefix) for item in items]
    assert places == [(0, ()), (1, ("items", 0)), (1, ("items", 1, "items", 0))]
    assert problems == []
    assert (items[0].api_version, items[0].kind, items[0].name) == ("v1", "Pod", "a")


@pytest.mark.parametrize(("value", "pointer"), [
    (None, ()), ([], ()), ("text", ()), ({}, ("apiVersion",)), ({"apiVersion": "v1"}, ("kind",)),
    ({"apiVersion": 1, "kind": "Pod"}, ("apiVersion",)), ({"apiVersion": "v1", "kind": ""}, ("kind",)),
    ({"apiVersion": "v1", "kind": "List"}, ("items",)), (listed(POD, 1), ("items", 1)),
])
def test_what_is_no_object(value: object, pointer: tuple[str | int, ...]) -> None:
    _, problems = items_of(judged(POD, value))
    assert [(problem.document, problem.pointer, problem.rule) for problem in problems] == [(1, pointer, "CS406")]


def test_lists_end_somewhere() -> None:
    value: object = POD
    for _ in range(NESTING + 1):
        value = listed(value)
    items, problems = items_of(judged(value))
    assert not items
    assert len(problems) == 1


def test_odd_metadata_is_survived() -> None:
    items, _ = items_of(judged({**POD, "metadata": "x"}, {**POD, "metadata": {"generateName": "a-"}}))
    assert [item.name for item in items] == ["", "a-"]
