"""Operations of JSON Patch do what Cluster API's library does: json-patches.json holds its answers."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.validation.capi.jsonpatch import NotApplicable, apply
from cluster_stacks.validation.capi.paths import segments, value_at

ANSWERS = Path(__file__).with_name("json-patches.json")
# [document, operation, whether it applies, the document then], of github.com/evanphx/json-patch/v5 v5.9.11.
CASES: list[tuple[Any, dict[str, Any], bool, Any]] = json.loads(ANSWERS.read_text())
VALUES = st.recursive(
    st.none() | st.integers() | st.text("ab/~0-", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~0-", max_size=2), inner, max_size=3),
    max_leaves=12,
)
PATHS = st.lists(st.sampled_from(["a", "b", "0", "-", "1", "~1", "~0", ""]), min_size=1, max_size=4)


def test_answers_are_those_of_the_library() -> None:
    assert len(CASES) > 500
    for document, operation, applies, wanted in CASES:
        before = copy.deepcopy(document)
        try:
            found = apply(document, operation["op"], segments(operation["path"]), operation.get("value"))
        except NotApplicable:
            assert not applies, operation
            continue
        assert applies, operation
        assert json.dumps(found.document, sort_keys=True) == json.dumps(wanted, sort_keys=True), operation
        assert document == before


@given(VALUES, st.sampled_from(["add", "replace", "remove"]), PATHS, VALUES)
def test_a_document_is_never_changed_and_the_place_holds_the_value(
    document: Any, op: str, path: list[str], value: Any
) -> None:
    before = copy.deepcopy(document)
    try:
        found = apply(document, op, segments("/" + "/".join(path)), value)
    except NotApplicable:
        return
    finally:
        assert document == before
    if op != "remove":
        assert value_at(found.document, found.place, "nothing") == value


@pytest.mark.parametrize(("path", "why", "depth"), [
    ("/b/c", "missing", 0), ("/a/text/x", "scalar", 2), ("/a/null/x", "null", 2), ("/a/list/5", "index", 2),
    ("/a/list/x/y", "index", 2), ("/a/text/x/y", "scalar", 2),
])
def test_why_an_addition_has_no_place(path: str, why: str, depth: int) -> None:
    document = {"a": {"text": "t", "null": None, "list": [1]}}
    with pytest.raises(NotApplicable) as raised:
        apply(document, "add", segments(path), 1)
    assert (raised.value.why, raised.value.depth) == (why, depth)
