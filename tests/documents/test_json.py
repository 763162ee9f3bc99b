"""JSON in one form, and one finding for what is no JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.documents.json import dumps, loads
from cluster_stacks.model.errors import Refused


def test_the_form_is_canonical() -> None:
    assert dumps({"b": [1, {"ä": None}], "a": {}}) == (
        '{\n  "b": [\n    1,\n    {\n      "ä": null\n    }\n  ],\n  "a": {}\n}\n'
    )


@pytest.mark.parametrize("value", [{1: 2}, {None: 1}, ("a",), [{"a": b"x"}], math.nan, [math.inf], "\ud800"])
def test_what_is_no_plain_data_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        dumps(value)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
))
def test_the_form_is_that_of_the_standard_library(value: Any) -> None:
    assert dumps(value) == json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def test_what_is_written_is_read_back() -> None:
    value = {"a": [1, 1.5, "x\n\u2028", True, None, {"b": {}}], "😀": "\x00"}
    assert loads(dumps(value).encode(), "f") == value


def test_a_byte_order_mark_is_read() -> None:
    assert loads(b'\xef\xbb\xbf{"a": 1}', "f") == {"a": 1}


@pytest.mark.parametrize(
    ("data", "rule", "line", "column"),
    [
        (b'{"a": 1,\n "b": 2,\n "a": 3}', "CS203", 3, 2),
        (b'{"a": 1 "b"}', "CS207", 1, 9),
        (b"[1 2]", "CS207", 1, 4),
        (b"", "CS207", 1, 1),
        (b"{'a': 1}", "CS207", 1, 2),
        (b'{"a": NaN}', "CS207", 0, 0),
        (b"1" * 5000, "CS207", 0, 0),
        (b'"\\ud800"', "CS207", 0, 0),
        (b'{"a": "\xff"}', "CS201", 1, 8),
        (b"[" * 30_000, "CS204", 1, 201),
        (b'{"\\ud83d\\ude00\\/": 1, "\\ud83d\\ude00\\/": 2}', "CS203", 0, 0),
    ],
)
def test_bad_json_is_one_finding(data: bytes, rule: str, line: int, column: int) -> None:
    with pytest.raises(Refused) as caught:
        loads(data, "x.json")
    (finding,) = caught.value.findings
    assert (finding.rule, finding.path, finding.line, finding.column) == (rule, "x.json", line, column)
    assert "\n" not in finding.message


def test_brackets_in_texts_do_not_nest() -> None:
    value = ["[" * 1000, '\\"' + "{" * 1000]
    assert loads(dumps(value).encode(), "f") == value


def test_an_unclosed_text_costs_little() -> None:
    with pytest.raises(Refused):
        loads(b'["' + b"\\\\a" * 300_000, "f")
