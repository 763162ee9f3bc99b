"""The checker against an independent reading of the specification, on random histories in real repositories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, note

from versioning.model import spec
from versioning.model.asking import Scratch, asked, examples, said
from versioning.model.history import History, play
from versioning.model.strategies import histories


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    made = Scratch()
    yield made
    made.close()


@examples(40)
@given(history=histories())
def test_the_checker_says_what_the_specification_says(scratch: Scratch, history: History) -> None:
    world = play(history)
    base, topic, main = scratch.play(world)
    assert scratch.repo.git("merge-base", topic, main) == base
    expected = spec.judge(*(world.state(number) for number in (world.base, world.topic, world.main)))
    findings = asked(scratch.repo, topic, main)
    told = said(findings)
    for finding in findings:
        note(f"{finding.rule} {finding.path} {finding.message}")
    for wrong in sorted(expected):
        note(f"model: {wrong}")
    assert {row[:3] for row in told} == {(w.stack, w.component, w.must) for w in expected}
    for stack, component, must, rule in told:
        assert rule in next(w.rules for w in expected if w[:3] == (stack, component, must))
