"""Rules hold against anything: objects of real stacks, spoiled at random, are judged to the end, and soon."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_stacks.validation import plain
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.judge import judge_embedded, prepare
from cluster_stacks.validation.policies.files import bundled
from cluster_stacks.validation.policies.judge import problems as policy_problems
from cluster_stacks.validation.problem import Judged, finding_of
from cluster_stacks.validation.rules import secret
from cluster_stacks.validation.store import Store
from hostile_objects import HOWS, VALUES, Edit, spoiled
from mutants.bases import all_bases, own_bases

SECONDS = 2.0
"""Of the processor, for one stack: an honest one takes some 30 ms."""
LONG = float(os.environ.get("FUZZ_SECONDS", "10"))
MANY = 10**6
EDIT = st.builds(Edit, st.integers(0, MANY), st.sampled_from(HOWS), st.integers(0, len(VALUES) - 1))
EDITS = st.lists(EDIT, min_size=1, max_size=4)


@cache
def engine() -> Embedded:
    return Embedded(Store("1.36"))


def judge(objects: Sequence[Any]) -> None:
    """All rules, as `validate` runs them, with those about Secrets."""
    documents = [Judged(value, "x", scope="cluster-class") for value in objects]
    unread = [wrong for index, each in enumerate(documents) if (wrong := plain.problem(index, each.value))]
    began = time.process_time()
    prepared = prepare(documents, engine().store, unread=unread)
    found = [
        *prepared.problems, *judge_embedded(prepared, engine()), *secret.check(prepared.items, ()),
        *policy_problems(prepared.items, bundled()),
    ]
    findings = [finding_of(problem, documents) for problem in found]
    assert time.process_time() - began < SECONDS
    assert all(finding.message and len(finding.message) < 2000 for finding in findings)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Schemas are read before the clock runs."""
    for base in own_bases():
        judge(base.objects)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([base.id for base in own_bases()]), EDITS)
def test_nothing_raises(name: str, edits: list[Edit]) -> None:
    judge(spoiled(next(base for base in own_bases() if base.id == name).objects, edits))


@pytest.mark.slow
@pytest.mark.timeout(LONG * 4)
def test_nothing_raises_for_long() -> None:
    bases = all_bases()
    for base in bases:
        judge(base.objects)
    seed = int(os.environ.get("FUZZ_SEED", "1"))
    chosen, until = random.Random(seed), time.monotonic() + LONG
    while time.monotonic() < until:
        base = chosen.choice(bases)
        count = chosen.choice((1, 1, 1, 2, 4))
        edits = [Edit(chosen.randrange(MANY), chosen.choice(HOWS), chosen.randrange(MANY)) for _ in range(count)]
        try:
            judge(spoiled(base.objects, edits))
        except Exception as error:
            raise AssertionError(f"{base.id} {edits}") from error


def _rule_is_a_list(objects: list[Any]) -> None:
    schema = objects[0]["spec"]["variables"][0]["schema"]["openAPIV3Schema"]
    schema["x-kubernetes-validations"] = [[1], {"rule": 1}, None]


def _patch_without_path(objects: list[Any]) -> None:
    for patch in objects[0]["spec"]["patches"]:
        for definition in patch.get("definitions", ()):
            for operation in definition["jsonPatches"]:
                operation.pop("path")


def _half_characters(objects: list[Any]) -> None:
    objects[0]["spec"]["kubernetesVersions"] = ["v1.36.1", "\ud800"]


@pytest.mark.parametrize("spoil", [_rule_is_a_list, _patch_without_path, _half_characters])
@pytest.mark.parametrize("base", own_bases(), ids=lambda base: base.id)
def test_what_raised_once(base: Any, spoil: Callable[[list[Any]], None]) -> None:
    objects = spoiled(base.objects, ())
    objects.sort(key=lambda value: value["kind"] != "ClusterClass")
    spoil(objects)
    judge(objects)
