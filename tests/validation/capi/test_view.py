"""The parts of a ClusterClass, whichever version it is written in, and whatever somebody wrote."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_stacks.validation.capi.parts import health_checks, metadata, namings, rollouts, taints
from cluster_stacks.validation.capi.references import closure
from cluster_stacks.validation.capi.view import ClassView, classes, view_of
from cluster_stacks.validation.problem import Item
from cluster_stacks.validation.rules import capi, running
from cluster_stacks.validation.rules.context import Context

REF = {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "DevMachineTemplate", "name": "a"}
CHECK = {"nodeStartupTimeoutSeconds": 600}
SCHEMA = {"type": "string", "default": "a"}
OPERATION = {"op": "add", "path": "/spec/template", "value": "x"}
PATCH = {
    "name": "p", "enabledIf": "{{ .a }}",
    "definitions": [{"selector": {"kind": "DevMachineTemplate"}, "jsonPatches": [OPERATION]}],
}
COMMON: dict[str, Any] = {
    "variables": [{"name": "a", "required": True, "schema": {"openAPIV3Schema": SCHEMA}}], "patches": [PATCH],
    "kubernetesVersions": ["v1.36.4"],
}
NEW: dict[str, Any] = {
    **COMMON,
    "infrastructure": {"templateRef": REF, "naming": {"template": "x"}},
    "controlPlane": {
        "templateRef": REF, "machineInfrastructure": {"templateRef": REF}, "metadata": {"labels": {"a": "b"}},
        "healthCheck": {"checks": CHECK, "remediation": {"templateRef": REF}}, "taints": [{"key": "a"}],
        "naming": {"template": "x"},
    },
    "workers": {
        "machineDeployments": [{
            "class": "w", "bootstrap": {"templateRef": REF}, "infrastructure": {"templateRef": REF},
            "metadata": {"labels": {"a": "b"}}, "naming": {"template": "x"}, "healthCheck": {"checks": CHECK},
            "rollout": {"strategy": {"rollingUpdate": {"maxSurge": 1}}},
        }],
        "machinePools": [{
            "class": "p", "bootstrap": {"templateRef": REF}, "infrastructure": {"templateRef": REF},
            "naming": {"template": "x"},
        }],
    },
}
OLD: dict[str, Any] = {
    **COMMON,
    "infrastructure": {"ref": REF}, "infrastructureNamingStrategy": {"template": "x"},
    "controlPlane": {
        "ref": REF, "machineInfrastructure": {"ref": REF}, "metadata": {"labels": {"a": "b"}},
        "machineHealthCheck": {"nodeStartupTimeout": "10m", "remediationTemplate": REF}, "taints": [{"key": "a"}],
        "namingStrategy": {"template": "x"},
    },
    "workers": {
        "machineDeployments": [{
            "class": "w", "namingStrategy": {"template": "x"}, "machineHealthCheck": {"maxUnhealthy": 1},
            "template": {"metadata": {"labels": {"a": "b"}}, "bootstrap": {"ref": REF}, "infrastructure": {"ref": REF}},
            "strategy": {"rollingUpdate": {"maxSurge": 1}},
        }],
        "machinePools": [{
            "class": "p", "namingStrategy": {"template": "x"},
            "template": {"bootstrap": {"ref": REF}, "infrastructure": {"ref": REF}},
        }],
    },
}


def item(version: str, spec: object) -> Item:
    value = {
        "apiVersion": f"cluster.x-k8s.io/{version}", "kind": "ClusterClass", "metadata": {"name": "c"}, "spec": spec,
    }
    return Item(0, ("items", 1), value)


BOTH = pytest.mark.parametrize("view", [view_of(item("v1beta1", OLD)), view_of(item("v1beta2", NEW))], ids=["1", "2"])


def at(view: ClassView, pointer: tuple[str | int, ...]) -> Any:
    """What stands at a pointer of a view."""
    found: Any = view.item.value
    for part in pointer[len(view.item.prefix):]:
        found = found[part]
    return found


@BOTH
def test_references_in_both_versions(view: ClassView) -> None:
    assert [(reference.role, reference.worker) for reference in view.references] == [
        ("infrastructure", ""), ("control-plane", ""), ("control-plane-machine", ""), ("remediation", ""),
        ("bootstrap", "w"), ("machine", "w"), ("bootstrap", "p"), ("machine", "p"),
    ]
    assert all(at(view, reference.pointer) == REF for reference in view.references)
    assert view.reference("infrastructure") == view.references[0]
    assert view.reference("none") is None


@BOTH
def test_variables_and_patches_are_the_same_in_both(view: ClassView) -> None:
    (variable,), (patch,) = view.variables, view.patches
    assert (variable.name, variable.required, at(view, variable.schema_pointer)) == ("a", True, SCHEMA)
    assert (patch.name, patch.enabled_if, patch.external) == ("p", "{{ .a }}", None)
    ((operation,),) = (definition.patches for definition in patch.definitions)
    assert (operation.op, operation.path, at(view, operation.pointer)) == ("add", "/spec/template", OPERATION)
    assert [(at(view, pointer), text) for pointer, text in view.kubernetes_versions] == [("v1.36.4", "v1.36.4")]


@BOTH
def test_parts_stand_elsewhere_in_each_version(view: ClassView) -> None:
    assert [(worker.name, worker.pool) for worker in view.workers] == [("w", False), ("p", True)]
    assert [of_control_plane for _, of_control_plane in health_checks(view)] == [True, False]
    assert all(at(view, pointer) == value for (pointer, value), _ in health_checks(view))
    assert [value for _, value in rollouts(view)] == [{"maxSurge": 1}]
    assert [at(view, pointer) for pointer, value in metadata(view) if value] == [{"labels": {"a": "b"}}] * 2
    assert [value for _, value in taints(view)] == [{"key": "a"}]
    assert [kind for _, _, kind in namings(view)] == ["cluster", "cluster", "machineDeployment", "machinePool"]
    assert all(at(view, pointer) == "x" for pointer, _, _ in namings(view))


def test_other_kinds_and_versions_are_no_classes() -> None:
    others = [Item(0, (), {"apiVersion": version, "kind": kind}) for version, kind in (
        ("cluster.x-k8s.io/v1alpha4", "ClusterClass"), ("example.org/v1beta1", "ClusterClass"),
        ("cluster.x-k8s.io/v1beta1", "Cluster"),
    )]
    assert classes(Context(others, [None] * 3)) == ()


def places(value: object, pointer: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield pointer
    children: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*pointer, key))


def put(spec: Any, pointer: tuple[str | int, ...], value: object) -> Any:
    if not pointer:
        return value
    out = copy.deepcopy(spec)
    inner = out
    for part in pointer[:-1]:
        inner = inner[part]
    inner[pointer[-1]] = value
    return out


WRONG: st.SearchStrategy[Any] = st.sampled_from([
    None, 1, 0.5, True, "", "x", [], [None], [[]], ["a"], {}, {"a": None}, {"name": 1}, [{}], [1],
])


@pytest.mark.parametrize(("version", "spec"), [("v1beta1", OLD), ("v1beta2", NEW)], ids=["1", "2"])
@settings(max_examples=60)
@given(data=st.data())
def test_nothing_raises_whatever_stands_where(version: str, spec: Any, data: st.DataObject) -> None:
    pointers = list(places(spec))
    for _ in range(data.draw(st.integers(1, 2))):
        pointer = data.draw(st.sampled_from(pointers))
        try:
            spec = put(spec, pointer, data.draw(WRONG))
        except (KeyError, IndexError, TypeError):
            continue
    context = Context([item(version, spec)], [None])
    closure(context)
    for check in (*capi.CHECKS, *running.CHECKS):
        list(check(context))
