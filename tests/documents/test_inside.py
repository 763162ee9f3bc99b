"""A place in a text's value is found again in the file, however the text is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.source import Position

TEXT = "first {{ a }}\n\nthird {{ b }}\n"


@pytest.mark.parametrize("written", [
    "a:\n  - |\n    first {{ a }}\n\n    third {{ b }}\n",
    "a:\n  - |  # why\n    first {{ a }}\n\n    third {{ b }}\nb: 1\n",
    "a: [x]\n",
])
def test_a_literal_block(written: str) -> None:
    document = load_documents(written.encode(), "a.yaml")[0]
    if document.value["a"] == [TEXT]:
        assert document.position(("a", 0), within=Position(3, 7)) == Position(5, 11)


@pytest.mark.parametrize(("written", "column"), [
    ("a: x{{ b }}", 5), ("a: 'x{{ b }}'", 6), ('a: "x{{ b }}"', 6), (r'a: "\"{{ b }}"', 7),
])
def test_one_line(written: str, column: int) -> None:
    document = load_documents(written.encode(), "a.yaml")[0]
    assert document.position(("a",), within=Position(1, 2)).column == column


@pytest.mark.parametrize("written", [
    "a: >\n  x\n  {{ b }}\n", 'a: "x\n  {{ b }}"', r'a: "\u0041{{ b }}"', "a: &b x{{ c }}",
])
def test_what_is_not_plain_stands_where_the_text_begins(written: str) -> None:
    document = load_documents(written.encode(), "a.yaml")[0]
    assert document.position(("a",), within=Position(1, 2)) == document.position(("a",))


@given(st.text(st.sampled_from("ab{}'\" :#-\\"), min_size=1), st.integers(1, 30))
def test_the_letter_there_is_the_letter_of_the_value(value: str, column: int) -> None:
    double = value.replace("\\", "\\\\").replace('"', '\\"')
    for line in ("a: '" + value.replace("'", "''") + "'", f'a: "{double}"'):
        if column <= len(value):
            at = load_documents(line.encode(), "a.yaml")[0].position(("a",), within=Position(1, column))
            assert line[at.column - 1 :][:1] in (value[column - 1], "\\") or line[at.column - 1 :].startswith("''")
