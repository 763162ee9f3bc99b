"""A release keeps the kinds of what Clusters have."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves import class_breaks
from cluster_stacks.validation.rules.moves.found import problems

RULE = RuleInfo(
    "CS629", "class-kinds", "a reference to another kind than Clusters have",
    "A Cluster that moves to another class keeps the group and kind of its infrastructure, of its control plane, of "
    "the machines of its control plane and of those of its workers; and machineInfrastructure of the control plane "
    "can neither come nor go. The kind of bootstrap templates is free. Announce it in cluster-class/breaking.yaml "
    "where nobody is to move.",
    source="Cluster API 1.14: webhook of Cluster, internal/topology/check",
)


def check(context: Context) -> Iterator[Problem]:
    """Holds the classes against those that Clusters come from."""
    yield from problems(context, RULE, class_breaks.found(context))
