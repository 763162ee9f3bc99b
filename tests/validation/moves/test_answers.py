"""Moves of Clusters, and objects that change in place: what we say, and what a management cluster said.

cases.yaml and in-place.yaml hold the cases, answers.json what Cluster API 1.14's webhooks and the API server answered;
ask.py asks again. Every difference is a decision, and named here with its reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster_stacks.documents.emit import emit
from cluster_stacks.model.finding import Severity
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.release import Release, RenderedObject
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import KubernetesVersion, Version
from cluster_stacks.releases.contents import group_of
from cluster_stacks.releases.earlier import Earlier
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves import CHECKS
from cluster_stacks.validation.rules.moves.addon_fields import changed_fields
from cluster_stacks.validation.rules.moves.in_place import IMMUTABLE
from cluster_stacks.validation.store import Store

HERE = Path(__file__).parent
CASES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "cases.yaml").read_text())
OBJECTS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "in-place.yaml").read_text())
ANSWERS: dict[str, dict[str, str]] = json.loads((HERE / "answers.json").read_text())
BASE: dict[str, Any] = yaml.safe_load((HERE / "base-class.yaml").read_text())
STACK = StackId("docker", "scs", "1-36")
_NOT_RUNNING = "nothing runs behind the Cluster that asked: its webhook waits for what is not done"
DECIDED: dict[str, str] = {
    "kubernetes-minor": _NOT_RUNNING, "kubernetes-skip-listed": _NOT_RUNNING,
    "kubernetes-not-listed": "the class is not for the version of its own release: other rules say so (CS706)",
}
"""Where we say something else than the cluster did, and why."""


def merged(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    out = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        out[key] = merged(out.get(key), item)
    return {key: item for key, item in out.items() if item is not None}


def class_of(version: str, patch: Any) -> dict[str, Any]:
    return {**BASE, "metadata": {"name": f"docker-scs-1-36-{version}"}, "spec": merged(BASE["spec"], patch or {})}


def earlier(value: dict[str, Any], kubernetes: str) -> Earlier:
    name = value["metadata"]["name"]
    item = {"apiVersion": value["apiVersion"], "kind": value["kind"], "name": name, "file": "class.yaml"}
    facts = ReleaseFacts.from_json({
        "schemaVersion": 1, "name": name,
        "stack": {"id": str(STACK), "provider": "docker", "name": "scs", "minor": "1-36"},
        "versions": {"clusterStack": "v1", "kubernetes": kubernetes, "clusterAddon": "v1", "nodeImage": "v1"},
        "sourceDigest": "sha256:" + "0" * 64, "objects": [item],
    }, "release.json")
    return Earlier(facts, "the last of its series", "rendered:x", {"class.yaml": emit(value).encode()}.get)


def problems(case: dict[str, Any], breaking: tuple[str, ...] = ()) -> list[Problem]:
    old, new = class_of("v1", case.get("old")), class_of("v2", case.get("new"))
    before = case.get("from", "v1.36.0")
    now = KubernetesVersion.parse(case.get("version", before))
    facts = {"breaking": [{"what": what, "reason": "so"} for what in breaking]} if breaking else {}
    one = Version.parse("v1")
    metadata = Metadata(Version.parse("v2"), now, one, one)
    release = Release(STACK, metadata, facts, {}, (RenderedObject(new, "class.yaml", "class.yaml"),))
    context = Context((Item(0, (), new),), (None,), release=release, published=(earlier(old, before),))
    return [problem for check in CHECKS for problem in check(context)]


@pytest.mark.parametrize("name", CASES)
def test_a_move_is_refused_where_the_webhook_refuses_it(name: str) -> None:
    found = problems(CASES[name])
    refused = any(problem.severity is Severity.ERROR for problem in found)
    if name in DECIDED:
        assert refused is not bool(ANSWERS["moves"][name]), "no difference any more"
    else:
        assert refused is bool(ANSWERS["moves"][name]), (ANSWERS["moves"][name], [each.message for each in found])


@pytest.mark.parametrize("name", [name for name in CASES if ANSWERS["moves"].get(name) and name not in DECIDED])
def test_every_break_can_be_announced(name: str) -> None:
    """By the words that the finding itself gives."""
    whats = {
        problem.message.rpartition("announce `")[2].partition("`")[0]
        for problem in problems(CASES[name]) if problem.severity is Severity.ERROR
    }
    found = problems(CASES[name], tuple(whats))
    assert found
    assert {problem.severity for problem in found} == {Severity.NOTE}
    assert all("announced: so" in problem.message for problem in found)


def fields(case: dict[str, Any]) -> bool:
    old, new = case["old"], case["new"]
    if new["kind"] in IMMUTABLE:
        return bool(old["spec"]["template"]["spec"] != new["spec"]["template"]["spec"])
    return any(changed_fields(group_of(new["apiVersion"]), old, new))


@pytest.mark.parametrize("name", OBJECTS)
def test_a_field_is_refused_where_the_api_server_refuses_it(name: str) -> None:
    refused = fields(OBJECTS[name])
    if name in DECIDED:
        assert refused is not bool(ANSWERS["objects"][name]), "no difference any more"
    else:
        assert refused is bool(ANSWERS["objects"][name]), ANSWERS["objects"][name]


@pytest.fixture(scope="module")
def store() -> Store:
    return Store("1.36")


@pytest.mark.parametrize("name", [name for name, case in OBJECTS.items() if case["new"]["kind"].endswith("Template")])
def test_a_template_edited_in_place(store: Store, name: str) -> None:
    old, new = ({**OBJECTS[name][side], "metadata": {"name": "docker-scs-1-36-v1"}} for side in ("old", "new"))
    one = Version.parse("v1")
    release = Release(STACK, Metadata(one, KubernetesVersion(1, 36, 0), one, one), {}, {}, ())
    kinds = (store.find(new["apiVersion"], new["kind"]),)
    context = Context((Item(0, (), new),), kinds, None, store, release, (earlier(old, "v1.36.0"),))
    found = [problem for check in CHECKS for problem in check(context) if problem.rule == "CS660"]
    severity = [problem.severity for problem in found]
    if ANSWERS["objects"][name]:
        assert severity == [Severity.ERROR]
    else:
        assert severity == ([Severity.WARNING] if new["kind"] == "KubeadmConfigTemplate" else [])


def test_a_template_that_only_says_a_default_is_the_same(store: Store) -> None:
    old: dict[str, Any] = {
        "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlaneTemplate",
        "metadata": {"name": "docker-scs-1-36-v1"}, "spec": {"template": {"spec": {"kubeadmConfigSpec": {}}}},
    }
    context = Context((Item(0, (), dict(old)),), (store.find(old["apiVersion"], old["kind"]),), None, store, None,
                      (earlier(old, "v1.36.0"),))
    assert [problem for check in CHECKS for problem in check(context)] == []


def test_a_transition_rule_of_a_kind_is_asked(store: Store) -> None:
    def made(region: str) -> dict[str, Any]:
        return {
            "apiVersion": "infrastructure.cluster.x-k8s.io/v1alpha1", "kind": "KubevirtClusterTemplate",
            "metadata": {"name": "docker-scs-1-36-v1"},
            "spec": {"template": {"spec": {"controlPlaneServiceTemplate": {"spec": {"type": region}}}}},
        }

    old, new = made("ClusterIP"), made("NodePort")
    kind = store.find(new["apiVersion"], new["kind"])
    assert kind
    context = Context((Item(0, (), new),), (kind,), None, store, None, (earlier(old, "v1.36.0"),))
    [problem] = [problem for check in CHECKS for problem in check(context)]
    assert (problem.rule, problem.severity) == ("CS660", Severity.ERROR)
    assert "immutable" in problem.message
