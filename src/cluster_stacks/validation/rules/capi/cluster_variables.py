"""A Cluster's variables are those of its class, with values that the class takes."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.cluster import class_of, clusters
from cluster_stacks.validation.capi.judge_cluster import variable_problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS635", "cluster-variables", "a variable that the class does not take",
    "Variables that a class requires must be set, unless they have a default of their own (defaults of their fields do "
    "not create them). Others than the class's are refused. Values have the defaults of the schema filled in, and must "
    "then fit it, have no unknown field and obey its CEL rules; the same holds for the overrides of the control plane "
    "and of groups of workers.",
    source="Cluster API 1.14: internal/topology/variables",
)


def check(context: Context) -> Iterator[Problem]:
    """Judges the variables of each Cluster whose class is among the objects."""
    for cluster in clusters(context):
        view = class_of(context, cluster)
        for pointer, message in variable_problems(cluster, view) if view else ():
            yield Problem(cluster.item.document, RULE.id, message, pointer, item=cluster.item)
