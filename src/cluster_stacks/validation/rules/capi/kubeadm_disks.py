"""How kubeadm's configuration divides disks."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import kubeadm_objects
from cluster_stacks.validation.capi.view import listed, mapping
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS647", "kubeadm-disks", "partitions of more than a whole disk",
    "The percentages of a `diskLayout` are shares of one disk: together at most 100.",
    source="Cluster API 1.14: webhooks of the kubeadm bootstrap and control plane provider",
)


def check(context: Context) -> Iterator[Problem]:
    """Adds up the shares of each layout."""
    for found in kubeadm_objects(context):
        setup = mapping(found.config, "diskSetup")
        for at, partition in listed(setup, "partitions", (*found.place, "diskSetup")) if setup else ():
            shares = [share.get("percentage") for _, share in listed(partition, "diskLayout", at)]
            total = sum(share for share in shares if isinstance(share, int) and not isinstance(share, bool))
            if total > 100:
                message = f"the partitions take {total} % of the disk: at most 100"
                yield Problem(found.item.document, RULE.id, message, (*at, "diskLayout"), item=found.item)
