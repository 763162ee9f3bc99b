"""The quick reader: what it reads, the loader reads alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml import YAMLError

from cluster_stacks.documents import blocks
from cluster_stacks.documents.emit import emit
from cluster_stacks.documents.loader import BadEvent, Loader
from cluster_stacks.documents.mappings import BadChild
from cluster_stacks.documents.syntax import DEFAULT
from cluster_stacks.documents.yaml import load_documents

PIECES = (
    "a", "b:", "b: ", "c: 1", "d: |", "d: |-", "- ", "-", "- - ", "- e: ", "'x y'", '"x: y"', '"\\n"', "'it''s'", "#",
    " # z", "{}", "[]", "[1]", "f: {}", "g: []", "true", "on: 1", "null", "~", "<<: ", "&a ", "*a", "!!str 1",
    "---", "...", "?", "1e3", "0o17", "a: b: c", "a:b", "http://x/y", "%", "@", "`", "text  ",
    "|", ">", "=", ".5: 1", "k: -1", "k: - 1", ".", "é", "\t", "", " ", "k: a #b", "k: a# b", "x/y.z-0: $v",
    "k: ,", "k: a, b", "k:  two",
)
soup = st.lists(
    st.tuples(st.integers(0, 6), st.lists(st.sampled_from(PIECES), min_size=0, max_size=3)), min_size=1, max_size=8
).map(lambda rows: "".join(" " * indent + "".join(pieces) + "\n" for indent, pieces in rows))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=12)
    | st.text("ab \n:#-'\"{}[]|", max_size=12),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=6) | st.sampled_from("abc"), inner, max_size=4),
    max_leaves=12,
)


def typed(value: Any) -> Any:
    """The value with the types of its scalars: 1 is not True, and 1.0 not 1."""
    if isinstance(value, dict):
        return [(key, typed(inner)) for key, inner in value.items()]
    return [typed(inner) for inner in value] if isinstance(value, list) else (type(value), value)


def agrees(text: str) -> bool:
    """Whether the text was read; where it was, the loader gives the same."""
    found = blocks.read(text)
    if found is None:
        return False
    try:
        (document,) = Loader(text.encode(), DEFAULT).documents()
    except (YAMLError, BadEvent, BadChild) as error:
        raise AssertionError(f"{text!r} is refused: {error}") from None
    assert typed(found[0]) == typed(document.value), text
    assert (blocks.ROOT_EVENT, found[1]) == (document.event, document.line), text
    return True


@settings(max_examples=1500, deadline=None)
@given(soup)
def test_any_lines(text: str) -> None:
    agrees(text)


@settings(max_examples=400, deadline=None)
@given(plain)
def test_what_this_project_writes(value: Any) -> None:
    agrees(emit(value))


def test_every_file_of_this_project(root: Path) -> None:
    read = [path for name in ("tests", "providers") for path in (root / name).rglob("*.yaml") if _is_read(path)]
    assert len(read) > 50


def _is_read(path: Path) -> bool:
    try:
        return agrees(path.read_bytes().decode())
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("text", [
    "a: b\nc:\n- d: 1\n  e: [x]\n", "a: &x 1\nb: *x\n", "a: 1\n---\nb: 2\n", "a: b\n  c\n", "a: é\n", "a: 1", "",
    "# x\n", "a\n",
    "a: 1\na: 2\n", "on: 1\n", "a:\n  b: 1\n c: 2\n", "- a\nb: 1\n", "a: |\n  x\n y\n",
])
def test_what_is_not_plain_is_left_to_the_loader(text: str) -> None:
    assert blocks.read(text) is None


def test_positions_are_those_of_the_text() -> None:
    (document,) = load_documents(b"# first\n\na:\n- b: 1\n  c: |\n    x\n    y\n", "x.yaml")
    assert (document.value, document.line) == ({"a": [{"b": 1, "c": "x\ny\n"}]}, 3)
    at = document.position(("a", 0, "c"), key=True)
    assert (at.line, at.column) == (5, 3)


def test_no_two_places_share_a_container() -> None:
    (document,) = load_documents(b"a: {}\nb: {}\nc: []\nd: []\n", "x.yaml")
    document.value["a"]["x"] = 1
    document.value["c"].append(1)
    assert document.value == {"a": {"x": 1}, "b": {}, "c": [1], "d": []}


def test_deep_nesting_is_left_to_the_loader() -> None:
    assert blocks.read("".join(" " * depth + "a:\n" for depth in range(500))) is None
