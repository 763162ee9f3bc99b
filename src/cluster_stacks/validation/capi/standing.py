"""Values of `builtin` for a Cluster that nobody has made yet: examples of the right form."""

from __future__ import annotations

from typing import Any

from cluster_stacks.validation.capi.builtins import Holder
from cluster_stacks.validation.capi.selecting import Target
from cluster_stacks.validation.capi.view import ClassView

_UID = "00000000-0000-4000-8000-000000000000"
VERSION = "v1.36.0"


def builtin_of(view: ClassView, target: Target, *, lean: bool = False) -> dict[str, Any]:
    """`builtin` as patches of a target see it; `lean`: without what a Cluster may leave out."""
    version = view.kubernetes_versions[-1][1] if view.kubernetes_versions else VERSION
    reference = {"name": view.name or "example", "namespace": "default"}
    cluster: dict[str, Any] = {
        "name": "example", "namespace": "default", "uid": _UID, "metadata": _metadata(),
        "topology": {
            "version": version, "class": reference["name"], "classNamespace": "default", "classRef": reference,
        },
    }
    if not lean:
        cluster["network"] = {
            "serviceDomain": "cluster.local", "services": ["10.96.0.0/12"], "pods": ["10.244.0.0/16"],
        }
    out: dict[str, Any] = {"cluster": cluster}
    if target.holder is not Holder.CLUSTER:
        out[target.holder.value] = _own(view, target, version, lean=lean)
    return out


def _own(view: ClassView, target: Target, version: str, *, lean: bool) -> dict[str, Any]:
    own: dict[str, Any] = {"version": version, "name": "example-abcde", "metadata": _metadata()}
    if not lean:
        own["replicas"] = 1
    if target.holder is not Holder.CONTROL_PLANE:
        machines = {"bootstrap": {"configRef": {"name": "example"}}, "infrastructureRef": {"name": "example"}}
        return {**own, "class": target.reference.worker, "topologyName": "example", **machines}
    if view.reference("control-plane-machine"):
        own["machineTemplate"] = {"infrastructureRef": {"name": "example"}}
    return own


def _metadata() -> dict[str, Any]:
    return {"labels": {"cluster.x-k8s.io/cluster-name": "example"}, "annotations": {}}
