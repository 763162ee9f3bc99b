"""The rules that need no engine, and the table of all."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.validation.compact import DRAFT
from cluster_stacks.validation.folders import MappingFolder
from cluster_stacks.validation.index import INDEX, KindInfo, dump_index
from cluster_stacks.validation.problem import Judged
from cluster_stacks.validation.rules import RULES
from cluster_stacks.validation.validate import validate

DRAIN_RULE = {"kind": "MachineDrainRule", "metadata": {"name": "a"}, "spec": {"drain": {"behavior": "Skip"}}}


def config_map(name: str = "a", **metadata: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}}


def findings(*documents: Judged, **options: Any) -> list[Finding]:
    return list(validate(documents, kubernetes="1.36", engine="embedded", **options).findings)


def test_the_table_is_complete_and_in_order() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"CS[467]\d\d|CS56[567]", rule.id) for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.summary and rule.explanation and rule.source for rule in RULES)


@pytest.mark.parametrize("metadata", [{}, {"name": ""}, {"name": None}, None, {"labels": {"a": "b"}}])
def test_every_object_has_a_name(metadata: object) -> None:
    value = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    assert [finding.rule for finding in findings(Judged(value, "x"))] == ["CS407"]


def test_an_object_stands_once_in_a_scope() -> None:
    twice = findings(Judged(config_map(), "one.yaml", "s"), Judged(config_map(), "two.yaml", "s", line=7))
    assert [(finding.rule, finding.path, finding.line) for finding in twice] == [("CS408", "two.yaml", 7)]
    assert twice[0].related[0].path == "one.yaml"
    assert not findings(Judged(config_map(), "one", "s"), Judged(config_map(), "two", "t"))
    assert not findings(Judged(config_map(), "x"), Judged(config_map(namespace="n"), "x"), Judged(config_map("b"), "x"))


def test_versions_do_not_tell_objects_apart() -> None:
    old = {"apiVersion": "cluster.x-k8s.io/v1beta1", **DRAIN_RULE}
    new = {**old, "apiVersion": "cluster.x-k8s.io/v1beta2"}
    assert "CS408" in {finding.rule for finding in findings(Judged(old, "x"), Judged(new, "x"))}


@pytest.mark.parametrize(("api_version", "capi", "rules"), [
    ("v1beta2", None, []), ("v1beta2", "v1beta2", []), ("v1beta2", "v1beta1", ["CS409"]),
    ("v1beta1", None, ["CS410"]), ("v1beta1", "v1beta1", ["CS410"]), ("v1beta1", "v1beta2", ["CS409"]),
])
def test_the_cluster_api_version_that_is_asked_for(api_version: str, capi: str | None, rules: list[str]) -> None:
    found = findings(Judged({"apiVersion": f"cluster.x-k8s.io/{api_version}", **DRAIN_RULE}, "x"), capi=capi)
    assert [finding.rule for finding in found] == rules
    if rules == ["CS409"]:
        assert found[0].message.endswith(f"use cluster.x-k8s.io/{capi}")
    if rules == ["CS410"]:
        assert found[0].message.endswith("is deprecated since Cluster API v1.11, and not served from v1.16 on")
        assert found[0].severity is Severity.WARNING


def test_kinds_without_contracts_have_no_cluster_api_version() -> None:
    assert not findings(Judged(config_map(), "x"), capi="v1beta2")


def test_a_provider_names_its_versions_as_it_likes() -> None:
    schema = json.dumps({"$schema": DRAFT, "type": "object"}).encode()
    contracts = {"v1beta1": ("v1beta1", "v1beta2")}
    infos = [KindInfo("aws.example.org", v, "AWSCluster", contracts=contracts, served=v != "v1alpha3")
             for v in ("v1beta2", "v1alpha3")]
    files = {INDEX: dump_index(infos).encode(), **{info.file: schema for info in infos}}
    folder = MappingFolder(files, "x")

    def rules(version: str, capi: str | None) -> list[str]:
        value = {"apiVersion": f"aws.example.org/{version}", "kind": "AWSCluster", "metadata": {"name": "a"}}
        return [finding.rule for finding in findings(Judged(value, "x"), capi=capi, folders=[folder])]

    assert rules("v1beta2", "v1beta1") == []
    assert rules("v1beta2", "v1beta2") == [], "it follows only the older contract, and Cluster API takes that too"
    assert rules("v1alpha3", None) == ["CS412"]
    assert rules("v1alpha3", "v1beta2") == ["CS409", "CS412"], "a version that follows no contract"


def test_a_provider_that_follows_the_newer_contract_has_no_way_back() -> None:
    schema = json.dumps({"$schema": DRAFT, "type": "object"}).encode()
    info = KindInfo("x.example.org", "v1", "Newest", contracts={"v1beta2": ("v1",)})
    folder = MappingFolder({INDEX: dump_index([info]).encode(), info.file: schema}, "x")
    value = {"apiVersion": "x.example.org/v1", "kind": "Newest", "metadata": {"name": "a"}}
    (finding,) = findings(Judged(value, "x"), capi="v1beta1", folders=[folder])
    assert finding.message.endswith("no version of Newest that is known follows it")
