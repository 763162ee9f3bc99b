"""Rule 8: templates of names."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.naming import naming_problem
from cluster_stacks.validation.capi.parts import namings
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS608", "naming-template", "a template of names that gives none",
    "A class says how objects are called by a Go template without functions of its own. It knows `.cluster.name`, "
    "`.random`, and for workers `.machineDeployment.topologyName` or `.machinePool.topologyName`; anything else is "
    "refused, and so is a name that Kubernetes does not take.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds naming templates that cannot be read, that know no such value, or that give no name."""
    for view in classes(context):
        for pointer, template, kind in namings(view):
            wrong = naming_problem(template, kind)
            if wrong:
                yield view.problem(RULE, wrong, pointer)
