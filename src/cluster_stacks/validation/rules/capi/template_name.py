"""Rule 1: a reference to a template has a name."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS601", "template-name", "a reference to a template without a name",
    "A class names the templates of its infrastructure, its control plane, its machines and its workers, each with a "
    "name. Of v1beta1 only the webhook asks for that; in v1beta2 the schema does.",
    source="Cluster API: ClusterClass webhook",
)
_MUST = ("infrastructure", "controlPlane")


def check(context: Context) -> Iterator[Problem]:
    """Finds references of v1beta1 without a name, and the two that a class cannot do without."""
    for view in classes(context):
        if view.version != "v1beta1":
            continue
        for key in _MUST:
            if view.spec.get(key) is None:
                yield view.problem(RULE, f"the class has no {key}: name its template in spec.{key}.ref", view.at(key))
        for reference in view.references:
            if not reference.name and reference.role != "remediation":
                message = f"the reference to a {reference.kind or 'template'} has no name: give the template's"
                yield view.problem(RULE, message, (*reference.pointer, "name"))
