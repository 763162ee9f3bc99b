"""Patterns as Go reads them; patterns.json holds [pattern, text, what Go's regexp says: null if it refuses]."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema_rs import Draft7Validator, RegexOptions

from cluster_stacks.validation.capi.re2 import translated

ANSWERS = json.loads((Path(__file__).parent / "patterns.json").read_text())


def answer(pattern: str, text: str) -> bool | None:
    found = translated(pattern)
    if found.wrong:
        return None
    schema = {"$ref": "#/x", "x": {"pattern": found.pattern}}
    return Draft7Validator(schema, pattern_options=RegexOptions()).is_valid(text)


def test_all_answers_are_those_of_go() -> None:
    ours = [[pattern, text, answer(pattern, text)] for pattern, text, _ in ANSWERS]
    assert [row for row, theirs in zip(ours, ANSWERS, strict=True) if row != theirs] == []
    assert len(ANSWERS) > 400
    assert sum(theirs is None for _, _, theirs in ANSWERS) > 50


@pytest.mark.parametrize(("pattern", "words"), [
    ("(?!a)", "cannot look ahead or back"), (r"(a)\1", "cannot refer back"), ("a**", "repetition is repeated"),
    ("*", "nothing before it"), ("(a", "not closed"), ("a)", "closes no group"), ("[a", "not closed"),
    ("a{2000}", "at most 1000"), ("(a{100}){100}", "more than 1000"), ("[z-a]", "backwards"), ("a\\", "backslash ends"),
    (r"\p{Nothing}", "no class"), ("[[:letter:]]", "no class"), (r"\Z", "no escape"), ("(" * 1001, "nested more than"),
])
def test_it_says_what_is_wrong(pattern: str, words: str) -> None:
    assert words in translated(pattern).wrong


def test_long_patterns_are_read_in_one_pass() -> None:
    assert not translated("(?:a|b)*" * 20_000).wrong
    assert not translated("(" * 900 + ")" * 900).wrong
