"""Schemas of variables: our judgement beside that of Cluster API's webhook, which variable-schemas.yaml holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.capi.variable_schema import DEEPEST, MOST, faults_of
from cluster_stacks.validation.problem import Judged
from cluster_stacks.validation.validate import validate

ANSWERS = yaml.safe_load((Path(__file__).parent / "variable-schemas.yaml").read_text())
STRICTER = {"default bool for ios": "every Cluster that takes this default is refused: only defaults are let pass"}


def a_class(schema: Any) -> dict[str, Any]:
    def reference(kind: str) -> dict[str, Any]:
        group = f"{'controlplane' if 'Control' in kind else 'infrastructure'}.cluster.x-k8s.io/v1beta2"
        return {"templateRef": {"apiVersion": group, "kind": kind, "name": "a"}}

    return {
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "metadata": {"name": "a"},
        "spec": {
            "infrastructure": reference("DevClusterTemplate"),
            "controlPlane": reference("KubeadmControlPlaneTemplate"),
            "variables": [{"name": "a", "required": False, "schema": {"openAPIV3Schema": schema}}],
        },
    }


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["name"] for answer in ANSWERS])
def test_we_refuse_what_the_webhook_refuses(answer: dict[str, Any]) -> None:
    verdict = validate([Judged(a_class(answer["schema"]), "x")], kubernetes="1.36", engine="embedded")
    errors = [finding.message for finding in verdict.findings if finding.severity is Severity.ERROR]
    assert bool(errors) == (answer["refused"] or answer["name"] in STRICTER), errors


def test_equal_schemas_are_judged_once() -> None:
    schema = {"type": "integer", "default": "a"}
    assert faults_of(schema) is faults_of(json.loads(json.dumps(schema)))


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "array", "items": schema}
    return schema


def test_deep_schemas_end_in_one_finding() -> None:
    assert faults_of(nested(DEEPEST)) == ()
    for depth in (DEEPEST + 1, 30_000):
        (fault,) = faults_of(nested(depth))
        assert "nested" in fault.message


def test_wide_schemas_take_bounded_time() -> None:
    schema = {"type": "object", "properties": {f"p{n}": {"type": "string", "patern": "x"} for n in range(20_000)}}
    faults = faults_of(schema)
    assert len(faults) == MOST + 1
    assert faults[-1].severity is Severity.ERROR
