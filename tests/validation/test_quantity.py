"""Quantities against what apimachinery's ParseQuantity says of the same texts (quantities.json: null is refused)."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.validation.quantity import parse, wrong

REAL: dict[str, str | None] = json.loads((Path(__file__).parent / "quantities.json").read_text())


def test_every_text_is_read_as_by_the_real_parser() -> None:
    assert len(REAL) > 800
    differing = [text for text, value in REAL.items() if (wrong(text) == "") != (value is not None)]
    assert differing == []


@pytest.mark.parametrize("text", [text for text, value in REAL.items() if value is not None and len(value) < 15])
def test_values_are_the_real_ones(text: str) -> None:
    value, real = parse(text.strip(" \t\r\n")), REAL[text]
    assert value is not None
    assert real is not None
    if abs(value) < 2**60 and value % Fraction(1, 10**9) == 0:  # else the real one caps and rounds
        assert value == Fraction(real)


@given(st.text(alphabet="0123456789.+-eEinumkKMGTP ", max_size=12))
def test_any_text_is_read_in_no_time(text: str) -> None:
    parse(text)


@pytest.mark.parametrize("value", [1, 1.5, None, True])
def test_what_is_no_text_is_the_schemas_to_judge(value: object) -> None:
    assert wrong(value) == ""


@pytest.mark.parametrize("text", ["1e999999999", "9" * 1_000_000, "1e-999999999", "." + "0" * 1_000_000])
def test_absurd_numbers_cost_nothing(text: str) -> None:
    assert parse(text) is not None
