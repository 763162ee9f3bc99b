"""The same output as Go's, the same phase of every error: on answers that it gave once, and on new templates."""

from __future__ import annotations

import json

import pytest

from gotemplate import live
from gotemplate.generator import Generator, calls


def test_recorded_answers() -> None:
    different = []
    rows = [json.loads(line) for line in live.ANSWERS.read_text(encoding="utf-8").splitlines()]
    for template, answer, *naming in rows:
        wanted = answer[1:] if answer.startswith("!") else answer[1:].encode("utf-8", "surrogateescape")
        got = live.ours(template, naming=bool(naming))
        if got != wanted:
            different.append((template, wanted, got))
    assert not different[:5]
    assert len(rows) > 4000


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102])
def test_live_answers(seed: int) -> None:
    generator = Generator(seed)
    for templates, naming in (
        ([*calls(seed, 20), *(generator.template() for _ in range(5000))], False),
        ([*live.names(seed, 2000)], True),
    ):
        answers = live.ask(templates, naming=naming)
        found = [
            (template, answer, live.ours(template, naming=naming))
            for template, answer in zip(templates, answers, strict=True)
        ]
        # Go would go on where we stop at a limit.
        assert not [row for row in found if row[1] != row[2] and row[2] != "limit"][:5]
        assert sum(row[2] == "limit" for row in found) < len(found) / 500
