"""References of a class name API versions that the API server has."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.references import closure
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS702", "template-version", "a reference to an API version that the kind does not have",
    "Templates are read in the API version that the reference names. The webhook of a class does not ask whether there "
    "is one; without it, no Cluster of the class is ever made.",
    source="Cluster API: ClusterClass controller; Kubernetes: API versions",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds references whose kind is there in another version, and in the one that they name is not, or not served."""
    if context.store is None:
        return
    for view, reference, template in closure(context).led:
        if template is None or template.api_version == reference.api_version:
            continue
        info = context.store.find(reference.api_version, reference.kind)
        if info is None or not info.served:
            state = "is not served any more in" if info else "has no version"
            message = f"{reference.kind} {state} {reference.api_version}: write {template.api_version}, as the template"
            yield view.problem(RULE, message, (*reference.pointer, "apiVersion"))
