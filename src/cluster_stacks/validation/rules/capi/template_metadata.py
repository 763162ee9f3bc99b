"""The labels and annotations that templates put on what is made of them."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi import parts
from cluster_stacks.validation.capi.kubeadm import kubeadm_objects
from cluster_stacks.validation.capi.view import Values, listed, mapping
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.qualified import annotations_problems, labels_problems
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS649", "template-metadata", "a template whose labels, annotations or taints no object may have",
    "`spec.template.metadata` of a template, and `machineTemplate` of a control plane, hold what is put on the objects "
    "and machines made of them. Their keys and values follow Kubernetes' rules for labels and annotations; keys of "
    "taints that Cluster API or Kubernetes sets by itself are refused.",
    source="Cluster API 1.14: webhooks of the kubeadm and docker providers; others: read in their sources",
)
_INFRASTRUCTURE = "infrastructure.cluster.x-k8s.io"
_GROUPS = {_INFRASTRUCTURE, "controlplane.cluster.x-k8s.io", "bootstrap.cluster.x-k8s.io"}


def check(context: Context) -> Iterator[Problem]:
    """Judges the metadata of all templates, and the machine templates of control planes."""
    for item in context.items:
        if item.kind.endswith("Template") and split_api_version(item.api_version)[0] in _GROUPS:
            at: Pointer = (*item.prefix, "spec", "template", "metadata")
            yield from _metadata(item, mapping(item.value, "spec", "template", "metadata"), at)
    for found in kubeadm_objects(context):
        if not found.control_plane:
            continue
        machine, place = mapping(found.spec, "machineTemplate"), (*found.pointer, "machineTemplate")
        yield from _metadata(found.item, mapping(machine, "metadata"), (*place, "metadata"))
        inner = () if found.old else ("spec",)
        for pointer, taint in listed(mapping(machine, *inner), "taints", (*place, *inner)):
            wrong = parts.taint_problem(taint)
            if wrong:
                yield Problem(found.item.document, RULE.id, wrong, (*pointer, "key"), item=found.item)


def _metadata(item: Item, metadata: Values, at: Pointer) -> Iterator[Problem]:
    if not metadata:
        return
    wrong = (
        *labels_problems(metadata.get("labels"), (*at, "labels")),
        *annotations_problems(metadata.get("annotations"), (*at, "annotations")),
    )
    for pointer, message in wrong:
        yield Problem(item.document, RULE.id, message, pointer, item=item)
