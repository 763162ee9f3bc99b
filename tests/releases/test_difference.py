"""Differences of plain values: complete, minimal where it matters, and told by names."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.releases.difference import ABSENT, Difference, differences

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b.c", "v1"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "a", "b.c"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def told(old: object, new: object) -> list[Difference]:
    return list(differences(old, new))


@given(PLAIN)
def test_equal_values_have_none(value: object) -> None:
    assert told(value, copy.deepcopy(value)) == []


@given(PLAIN, PLAIN)
def test_other_values_have_some(old: object, new: object) -> None:
    """JSON tells true from 1, which Python does not."""
    is_same = json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)
    assert bool(told(old, new)) is not is_same


@given(PLAIN, PLAIN)
def test_the_other_way_round_swaps_the_sides(old: object, new: object) -> None:
    assert bool(told(old, new)) is bool(told(new, old))


@pytest.mark.parametrize(("old", "new", "expected"), [
    ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
    ({"a": 1}, {}, [("a", 1, ABSENT)]),
    ({}, {"a": None}, [("a", ABSENT, None)]),
    ({"a": {"b.c": 1}}, {"a": {"b.c": True}}, [('a."b.c"', 1, True)]),
    ([1, 2, 3], [1, 3], [("[1]", 2, ABSENT)]),
    ([1, 3], [1, 2, 3], [("[1]", ABSENT, 2)]),
    ({"l": [{"x": 1}]}, {"l": [{"x": 2}]}, [("l[0].x", 1, 2)]),
], ids=str)
def test_places(old: object, new: object, expected: list[tuple[str, object, object]]) -> None:
    assert told(old, new) == [Difference(*item) for item in expected]


def test_named_items_are_found_wherever_they_stand() -> None:
    old = {"variables": [{"name": "a", "required": False}, {"name": "b"}]}
    new = {"variables": [{"name": "new"}, {"name": "a", "required": True}, {"name": "b"}]}
    assert told(old, new) == [
        Difference("variables[new]", ABSENT, {"name": "new"}), Difference("variables[a].required", False, True),
    ]


def test_the_order_of_named_items_counts() -> None:
    """Patches are applied in their order."""
    old, new = [{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}]
    assert told({"patches": old}, {"patches": new}) == [Difference("patches (order)", ["a", "b"], ["b", "a"])]


def test_items_that_share_a_name_are_compared_by_their_place() -> None:
    old, new = [{"name": "a", "v": 1}, {"name": "a", "v": 2}], [{"name": "a", "v": 1}, {"name": "a", "v": 3}]
    assert told(old, new) == [Difference("[1].v", 2, 3)]
