"""Clusters can come to the Kubernetes version of a release."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves import class_breaks
from cluster_stacks.validation.rules.moves.found import problems

RULE = RuleInfo(
    "CS662", "kubernetes-move", "Clusters cannot come to this Kubernetes version",
    "Kubernetes never goes back, and skips no minor, unless the class lists in kubernetesVersions what lies "
    "between. Each version that the earlier release lets a Cluster have must lead to that of this one.",
    source="Cluster API 1.14: webhook of Cluster, chained upgrades",
)


def check(context: Context) -> Iterator[Problem]:
    """Holds the classes against those that Clusters come from."""
    yield from problems(context, RULE, class_breaks.found(context))
