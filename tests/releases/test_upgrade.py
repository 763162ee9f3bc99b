"""The move of one Cluster: which conditions of a move between releases concern it."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.model.version import KubernetesVersion, VersionError
from cluster_stacks.releases.breaks import Concerns
from cluster_stacks.releases.move import Condition, Move, version_refusals, version_rolls
from cluster_stacks.releases.upgrade import Judgement, judge_cluster

OLD, NEW = KubernetesVersion(1, 36, 1), KubernetesVersion(1, 37, 0)
VERSIONED = {"version": "v1.36.1"}
MACHINES = {"workers": {"machineDeployments": [{"class": "default"}], "machinePools": [{"class": "pool"}]}}


def judged(topology: dict[str, Any], *conditions: tuple[Concerns, str], move: Move | None = None) -> Judgement:
    given = tuple(Condition(concerns, name, "") for concerns, name in conditions)
    return judge_cluster(move or Move(conditions=given), VERSIONED | topology, OLD, OLD)


@pytest.mark.parametrize(("topology", "condition", "concerned"), [
    (MACHINES, (Concerns.WORKERS, "machineDeployment default"), True),
    (MACHINES, (Concerns.WORKERS, "machinePool pool"), True),
    (MACHINES, (Concerns.WORKERS, "machinePool default"), False),
    ({}, (Concerns.WORKERS, "machineDeployment default"), False),
    ({"variables": [{"name": "a", "value": 1}]}, (Concerns.SET, "a"), True),
    ({"variables": [{"name": "a", "value": 1}]}, (Concerns.SET, "b"), False),
    ({"controlPlane": {"variables": {"overrides": [{"name": "a"}]}}}, (Concerns.SET, "a"), True),
    ({"workers": {"machineDeployments": [{"variables": {"overrides": [{"name": "a"}]}}]}}, (Concerns.SET, "a"), True),
    ({"variables": [{"name": "a", "value": 1}]}, (Concerns.UNSET, "a"), False),
    ({}, (Concerns.UNSET, "a"), True),
    ({"workers": 1, "variables": {"a": 1}, "controlPlane": [1]}, (Concerns.SET, "a"), False),
])
def test_what_concerns_a_cluster(topology: dict[str, Any], condition: tuple[Concerns, str], concerned: bool) -> None:
    assert bool(judged(topology, condition).refused) is concerned


def test_a_value_may_fit() -> None:
    found = judged({"variables": [{"name": "a", "value": 1}]}, (Concerns.VALUE, "a"), (Concerns.VALUE, "b"))
    assert found.refused == ()
    assert found.depends == ("see that the Cluster's value fits the variable a",)


@pytest.mark.parametrize(("version", "refused"), [("v1.36.1", False), ("1.37.0", False), ("v1.35.9", True)])
def test_the_version_of_the_cluster_counts(version: str, refused: bool) -> None:
    move = Move(refusals=tuple(version_refusals(OLD, NEW)), rolls=(*version_rolls(OLD, NEW), "control plane: x"))
    found = judge_cluster(move, {"version": version}, OLD, NEW)
    assert bool(found.refused) is refused
    assert found.rolls[-1] == "control plane: x"
    assert len(found.rolls) == (1 if version == "1.37.0" else 2)


@pytest.mark.parametrize("version", ["", None, "latest", 1.36])
def test_a_version_that_is_none(version: object) -> None:
    with pytest.raises(VersionError):
        judge_cluster(Move(), {"version": version}, OLD, NEW)
