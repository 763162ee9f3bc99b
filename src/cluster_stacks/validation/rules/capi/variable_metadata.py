"""Rule 13: labels and annotations of variables."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.capi.view import ClassView, Variable, classes, mapping
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.qualified import annotations_problems, labels_problems
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS613", "variable-metadata", "a label or an annotation of a variable that is none",
    "Variables carry labels and annotations for the tools that show them: `metadata` in v1beta1, `x-metadata` in a "
    "schema. They follow the rules of Kubernetes.",
    source="Cluster API: ClusterClass webhook; Kubernetes: labels and annotations",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds labels and annotations of variables and of their schemas that are refused."""
    for view in classes(context):
        key = "metadata" if view.version == "v1beta1" else "deprecatedV1Beta1Metadata"
        for variable in view.variables:
            yield from _own(view, variable, key)
    yield from problems(context, RULE.id)


def _own(view: ClassView, variable: Variable, key: str) -> Iterator[Problem]:
    found = mapping(variable.value, key)
    if found:
        where = (*variable.pointer, key)
        for pointer, message in labels_problems(found.get("labels"), (*where, "labels")):
            yield view.problem(RULE, message, pointer)
        for pointer, message in annotations_problems(found.get("annotations"), (*where, "annotations")):
            yield view.problem(RULE, message, pointer)
