"""A Cluster against a class from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.validation.clusters import judge_cluster
from cluster_stacks.validation.problem import text_of
from cluster_stacks.validation.store import Store

EXAMPLES = Path(__file__).parent / "examples"


def documents(example: str) -> list[Any]:
    path = EXAMPLES / example
    return [document.value for document in load_documents(path.read_bytes(), path.name)]


def test_a_cluster_that_fits(store: Store) -> None:
    *of_class, cluster = documents("CS650/good/variable.yaml")
    assert judge_cluster(cluster, of_class, store) == []


def test_what_the_class_has_not(store: Store) -> None:
    *of_class, cluster = documents("CS635/bad/values.yaml")
    found = {text_of(problem.pointer): problem.rule for problem in judge_cluster(cluster, of_class, store)}
    assert found == {
        "/spec/topology/variables/0/value": "CS635", "/spec/topology/variables/1/value/size": "CS635",
        "/spec/topology/variables/1/value/sise": "CS635", "/spec/topology/variables/2/name": "CS635",
    }


def test_what_the_templates_would_become(store: Store) -> None:
    *of_class, cluster = documents("CS650/bad/replicas.yaml")
    (problem,) = judge_cluster(cluster, of_class, store)
    assert (problem.rule, problem.document) == ("CS650", 0)


def test_a_value_that_makes_a_bad_object_is_told_at_the_cluster(store: Store) -> None:
    *of_class, cluster = documents("CS650/bad/variable.yaml")
    (problem,) = judge_cluster(cluster, of_class, store)
    assert (problem.rule, text_of(problem.pointer)) == ("CS650", "/spec/topology/variables/0/value")
    assert problem.other is None


def test_a_class_without_templates_is_enough(store: Store) -> None:
    *of_class, cluster = documents("CS650/bad/replicas.yaml")
    assert judge_cluster(cluster, of_class[:1], store) == []


def test_without_its_class_a_cluster_is_judged_by_itself(store: Store) -> None:
    *_, cluster = documents("CS635/bad/values.yaml")
    assert judge_cluster(cluster, [], store) == []


@pytest.mark.parametrize("broken", [None, 1, "x", [], [None], {"name": None}, {"a": [1]}])
def test_a_broken_cluster_breaks_nothing(broken: object, store: Store) -> None:
    *of_class, cluster = documents("CS635/good/overrides.yaml")
    for key in ("classRef", "version", "controlPlane", "workers", "variables"):
        topology = {**cluster["spec"]["topology"], key: broken}
        judge_cluster({**cluster, "spec": {"topology": topology, "clusterNetwork": broken}}, of_class, store)
    judge_cluster({**cluster, "spec": broken, "metadata": broken}, of_class, store)
