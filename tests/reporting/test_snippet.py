"""The line that a finding is about, with a caret below the place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.reporting.snippet import snippet


def shown(data: bytes | None, line: int, column: int = 0, end: tuple[int, int] = (0, 0), width: int = 40) -> list[str]:
    return snippet(Finding("CS1", Severity.ERROR, "m", "f", line, column, *end), lambda _: data, width)


def test_the_caret_marks_the_place() -> None:
    assert shown(b"a: 1\nb: xyz # c\n", 2, 4, (2, 7)) == ["2 | b: xyz # c", "  |    ^^^"]


def test_without_an_end_it_is_one_column_and_without_a_column_none() -> None:
    assert shown(b"a: 1\n", 1, 4) == ["1 | a: 1", "  |    ^"]
    assert shown(b"a: 1\n", 1) == ["1 | a: 1", "  | "]


def test_a_place_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert shown(b"a:\n  b: 1\n  c: 2\n", 2, 3, (3, 7))[1] == "  |   ^^^^"


def test_wide_and_escaped_characters_and_tabs_keep_the_caret_in_place() -> None:
    assert shown("日本: x\n".encode(), 1, 5, (1, 6))[1] == "  |       ^"
    assert shown(b"\ta: \x1b x\n", 1, 7, (1, 8)) == ["1 |     a: \\x1b x", "  |             ^"]
    assert shown(b"\xff: x\n", 1, 4) == ["1 | \\xff: x", "  |       ^"]


def test_a_byte_order_mark_and_a_carriage_return_do_not_count() -> None:
    assert shown("\ufeffa: 1\r\nb: 2\r\n".encode(), 1, 4) == ["1 | a: 1", "  |    ^"]


@pytest.mark.parametrize(("data", "line"), [(None, 1), (b"", 1), (b"a\n", 3), (b"\n", 1), (b"a\n", 0)])
def test_no_line_no_snippet(data: bytes | None, line: int) -> None:
    assert shown(data, line, 1) == []
    assert snippet(Finding("CS1", Severity.ERROR, "m", "f", 1), None, 80) == []


def test_a_long_line_is_cut_around_the_place() -> None:
    source, caret = shown(b"x" * 5000 + b" key: 1 " + b"y" * 5000, 1, 5002, (1, 5005))
    assert source[caret.index("^") : caret.rindex("^") + 1] == "key"
    assert source.startswith("1 | ...x")
    assert source.endswith("y...")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=200), st.integers(0, 250), st.integers(0, 60), st.integers(24, 90))
def test_no_line_is_wider_than_asked_for(text: str, column: int, length: int, width: int) -> None:
    data = text.replace("\n", " ").encode("utf-8", "surrogatepass")
    for line in shown(data, 1, column, (1, column + length), width):
        wide = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)
        assert wide - sum(unicodedata.combining(each) != 0 for each in line) <= width, line
        assert line.isprintable() or not line.isascii()
