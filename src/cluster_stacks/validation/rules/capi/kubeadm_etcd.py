"""Where etcd runs."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import kubeadm_objects
from cluster_stacks.validation.capi.view import mapping
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS644", "kubeadm-etcd", "etcd both on the machines and elsewhere",
    "`etcd.local` configures an etcd that kubeadm runs on the control plane's machines, `etcd.external` names one that "
    "runs elsewhere: a control plane has one of them.",
    source="Cluster API 1.14: webhook of KubeadmControlPlane and KubeadmControlPlaneTemplate",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds control planes with both."""
    for found in kubeadm_objects(context):
        etcd = mapping(found.config, "clusterConfiguration", "etcd")
        if found.control_plane and mapping(etcd, "local") and mapping(etcd, "external"):
            pointer = (*found.place, "clusterConfiguration", "etcd", "local")
            message = "etcd.local beside etcd.external: keep the one that is meant"
            yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)
