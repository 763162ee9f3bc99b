"""What no manifest can hold is told once, and stops nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.validation.problem import Judged
from cluster_stacks.validation.validate import validate
from hostile_objects import nested

GOOD: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "good"}}


@pytest.mark.parametrize(("value", "pointer", "message"), [
    ({1: "a"}, "/data", "a key that is no text but a int"),
    ({None: "a"}, "/data", "a key that is no text but a NoneType"),
    ({"\ud800": "a"}, "/data", "a key with half a character (a lone surrogate)"),
    ({"a": "\ud800"}, "/data/a", "half a character (a lone surrogate)"),
    ({"a": float("nan")}, "/data/a", "a number that is not finite"),
    ({"a": 10**5000}, "/data/a", "a whole number of more than 64 bits"),
    ({"a": {1, 2}}, "/data/a", "a set"),
    (nested(300), "/data" + "/0" * 199, "more than 200 levels of nesting"),
])
@pytest.mark.parametrize("engine", ["embedded", "kubeconform"])
def test_one_finding_and_the_rest_is_judged(value: object, pointer: str, message: str, engine: str) -> None:
    bad = {**GOOD, "metadata": {"name": "bad"}, "data": value}
    worse = {**GOOD, "metadata": {"name": "worse"}, "data": {"a": 1}}
    verdict = validate([Judged(each, "x") for each in (GOOD, bad, worse)], kubernetes="1.36", engine=engine)
    assert [(problem.document, problem.rule) for problem in verdict.problems] == [(1, "CS406"), (2, "CS404")]
    assert verdict.findings[0].message == f"no manifest can hold this: {message}"
    assert "".join(f"/{part}" for part in verdict.problems[0].pointer) == pointer
    assert verdict.documents == 3


def test_what_a_manifest_can_hold() -> None:
    values = ["é😀", 2**64 - 1, -(2**63), 1.5, True, None, [], {}, nested(190), {"": ""}]
    verdict = validate([Judged({**GOOD, "spec": value}, "x", scope=str(number)) for number, value in enumerate(values)],
                       kubernetes="1.36", engine="embedded")
    assert "CS406" not in {finding.rule for finding in verdict.findings}
