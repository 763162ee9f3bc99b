"""What works only where Cluster API runs with a feature gate that is off by default."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.cluster import clusters
from cluster_stacks.validation.capi.kubeadm import Kubeadm, kubeadm_objects
from cluster_stacks.validation.capi.view import Values, classes, mapping
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS659", "feature-gate", "something that is refused unless a feature gate is on",
    "Ignition needs the gate KubeadmBootstrapFormatIgnition of the kubeadm providers, taints of machines need "
    "MachineTaintPropagation of Cluster API. Both are off by default, and a management cluster without them refuses "
    "the object. Where yours has them on, set this rule to off.",
    severity=Severity.WARNING, source="Cluster API 1.14: feature gates",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds Ignition and taints of machines."""
    for found in kubeadm_objects(context):
        for at, key in _ignition(found):
            yield _problem(found.item, at, f"{key} needs", "KubeadmBootstrapFormatIgnition")
        machine = ("machineTemplate",) if found.old else ("machineTemplate", "spec")
        yield from _taints(found.item, mapping(found.spec, *machine), (*found.pointer, *machine))
    for view in classes(context):
        yield from _taints(view.item, view.control_plane, view.at("controlPlane"))
        for worker in view.workers:
            yield from _taints(view.item, worker.value, worker.pointer)
    for cluster in clusters(context):
        for at, value in (cluster.control_plane, *((group.pointer, group.value) for group in cluster.groups)):
            yield from _taints(cluster.item, value, at)


def _ignition(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    if found.config.get("format") == "ignition":
        yield (*found.place, "format"), "format: ignition"
    if mapping(found.config, "ignition"):
        yield (*found.place, "ignition"), "the field ignition"


def _taints(item: Item, value: Values, at: Pointer) -> Iterator[Problem]:
    if value.get("taints"):
        yield _problem(item, (*at, "taints"), "taints of machines need", "MachineTaintPropagation")


def _problem(item: Item, pointer: Pointer, what: str, gate: str) -> Problem:
    message = f"{what} the feature gate {gate}, which is off by default"
    return Problem(item.document, RULE.id, message, pointer, severity=RULE.severity, item=item)
