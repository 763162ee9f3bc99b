"""Formats against what apiextensions' validator says of the same texts (formats.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.validation.formats import CHECKS, is_go_duration, wrong
from cluster_stacks.validation.schema_words import FORMATS

REAL: dict[str, dict[str, list[str]]] = json.loads((Path(__file__).parent / "formats.json").read_text())
OWN = {"base64", "goduration"}


@pytest.mark.parametrize("form", sorted(REAL))
def test_every_text_is_read_as_by_the_real_parser(form: str) -> None:
    name = form.replace("-", "")
    assert [text for text in REAL[form]["good"] if wrong(name, text)] == []
    assert [text for text in REAL[form]["bad"] if not wrong(name, text)] == []


def test_every_format_that_is_read_is_held_against_the_real_one() -> None:
    assert {form.replace("-", "") for form in REAL} == CHECKS.keys() - OWN
    assert CHECKS.keys() - OWN <= FORMATS


def test_formats_that_nobody_checks_let_everything_pass() -> None:
    assert wrong("creditcard", "x") == wrong("password", "x") == ""


@pytest.mark.parametrize(("text", "taken"), [
    ("1h30m", True), ("0", True), ("1.5h", True), (".5s", True), ("-1m", True), ("1µs", True), ("2562047h", True),
    ("", False), ("1", False), ("1d", False), ("1 h", False), ("h", False), ("2562048h", False), ("1h30", False),
])
def test_durations_of_go(text: str, taken: bool) -> None:
    assert is_go_duration(text) is taken


@pytest.mark.parametrize(("text", "taken"), [
    ("", True), ("YQ==", True), ("YQ==\n", True), ("YW\r\nJj", True), ("\n", True), ("YQ", False), ("Y!==", False),
])
def test_base64_of_go(text: str, taken: bool) -> None:
    assert (wrong("base64", text) == "") is taken


@given(st.sampled_from(sorted(CHECKS)), st.text(max_size=40))
def test_no_text_breaks_a_parser(form: str, text: str) -> None:
    assert isinstance(wrong(form, text), str)


@pytest.mark.parametrize("form", sorted(CHECKS))
@pytest.mark.parametrize("part", ["a", "1", "1h", "a.", "aa-", "00:", "%", "::", " ", "1 ", "\ud800", "ö"])
@pytest.mark.timeout(20)
def test_long_texts_cost_nothing(form: str, part: str) -> None:
    wrong(form, part * 100_000)
