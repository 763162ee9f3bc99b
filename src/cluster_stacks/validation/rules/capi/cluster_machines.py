"""Health checks and replicas of a Cluster's machines."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.cluster import class_of, clusters
from cluster_stacks.validation.capi.judge_cluster import health_problems, replica_problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS634", "cluster-machines", "health checks or replicas that contradict something",
    "A health check that is switched on must be described by the Cluster or by its class, and one for the control "
    "plane needs machines that Cluster API makes. Replicas and the autoscaler's annotations exclude each other, "
    "because two would decide on one number.",
    source="Cluster API 1.14: webhook of Cluster",
)


def check(context: Context) -> Iterator[Problem]:
    """Judges the machines of each Cluster; without its class only what it says by itself."""
    for cluster in clusters(context):
        view = class_of(context, cluster)
        found = [*replica_problems(cluster, view), *(health_problems(cluster, view) if view else ())]
        for pointer, message in found:
            yield Problem(cluster.item.document, RULE.id, message, pointer, item=cluster.item)
