"""Rule 10: taints that a class puts on machines."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.parts import taint_problem, taints
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS610", "machine-taint", "a taint of machines that is refused",
    "Some taints belong to Kubernetes, to the cloud provider or to Cluster API, which set and remove them by "
    "themselves: a class may not.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds taints whose key is reserved, or no key of a label."""
    for view in classes(context):
        for pointer, value in taints(view):
            wrong = taint_problem(value)
            if wrong:
                yield view.problem(RULE, wrong, (*pointer, "key"))
