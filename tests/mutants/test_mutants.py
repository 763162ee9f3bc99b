"""Our verdicts beside the committed answers of a real cluster: a sample. `make mutants` judges all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

import pytest

from mutants import answers, opened
from mutants.bases import all_bases, own_bases, reference_bases
from mutants.compare import compare
from mutants.decisions import DECISIONS
from mutants.mutant import Base, Mutant, Operator, mutants_of, name_of
from mutants.operators import OPERATORS
from mutants.verdicts import judge

LARGEST = 500_000
"""Bytes of the committed answers."""
SMALL = 4
"""Bases that the sample is made of, as far as operators apply to them."""


def sample() -> Iterator[Mutant]:
    """A mutant of each operator; the operators take turns with the small bases, which are judged in no time."""
    bases = sorted(all_bases(), key=lambda base: len(repr(base.objects)))
    for number, operator in enumerate(OPERATORS):
        turn = number % SMALL
        order = (*bases[turn:SMALL], *bases[:turn], *bases[SMALL:])
        yield from islice((mutant for base in order for mutant in mutants_of(operator, base)), 1)


def differing(mutants: Iterable[Mutant]) -> tuple[list[str], list[str]]:
    """Differences that the list does not have; and lines of the list where there is no difference any more."""
    known, still = answers.load(), opened.load()
    new, gone = [], []
    for found in compare(mutants, known):
        key = found.mutant.key
        if found.difference and key not in still:
            errors = "; ".join(f"{problem.rule} {problem.message}" for problem in found.verdict.errors)
            new.append(f"{found.difference}: {' | '.join(key)}: {found.reason or errors}")
        elif key in still and not found.difference:
            gone.append(" | ".join(key))
    return new, gone


@pytest.mark.timeout(600)  # of the clock: beside others on a small machine it may take minutes
def test_a_sample_is_judged_as_a_cluster_does() -> None:
    new, gone = differing(sample())
    assert not new, "\n".join(new)
    assert not gone, f"mended, so take it from {opened.FILE.name}:\n" + "\n".join(gone)


@pytest.mark.parametrize("base", all_bases(), ids=lambda base: str(base.id))
def test_nothing_is_found_in_a_stack_as_it_is(base: Base) -> None:
    # CS410 tells that the older version of the API ends: right, and no mistake.
    assert [found for found in judge(base.objects, base.minor) if found.rule != "CS410"] == []


def test_a_cluster_takes_the_stacks_as_they_are() -> None:
    known = answers.load()
    for base in all_bases():
        for value in base.objects:
            assert answers.of(known, (answers.UNCHANGED, base.id, name_of(value, base))) == "", base.id


def test_operators_are_many_and_named_once() -> None:
    names = Counter(operator.name for operator in OPERATORS)
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) >= 150
    assert names.keys() >= DECISIONS.keys()
    assert all(operator.summary and "\n" not in operator.summary for operator in OPERATORS)


def test_forty_operators_at_least_spoil_each_reference_stack() -> None:
    for base in reference_bases():
        spoiling = (operator for operator in OPERATORS if next(mutants_of(operator, base), None))
        assert len(list(islice(spoiling, 40))) == 40, base.id


@pytest.mark.parametrize("operator", OPERATORS[::25], ids=lambda operator: str(operator.name))
def test_mutants_are_the_same_each_time_and_leave_the_base_alone(operator: Operator) -> None:
    for base in own_bases():
        before = repr(base.objects)
        first = [(mutant.key, repr(mutant.value)) for mutant in mutants_of(operator, base)]
        assert first == [(mutant.key, repr(mutant.value)) for mutant in mutants_of(operator, base)]
        assert len({key for key, _ in first}) == len(first)
        assert repr(base.objects) == before


def test_the_answers_stay_small() -> None:
    assert answers.FILE.stat().st_size < LARGEST
