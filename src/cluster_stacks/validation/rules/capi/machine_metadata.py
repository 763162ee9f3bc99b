"""Rule 9: labels and annotations that a class puts on machines."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.parts import metadata
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.qualified import annotations_problems, labels_problems
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS609", "machine-metadata", "a label or an annotation of machines that is none",
    "A class says which labels and annotations the control plane and the workers get. They follow the rules of "
    "Kubernetes: a key is `name` or `prefix/name`, a label's value has at most 63 letters, digits, - _ and dots.",
    source="Cluster API: ClusterClass webhook; Kubernetes: labels and annotations",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds labels and annotations in the control plane's and the workers' metadata that are refused."""
    for view in classes(context):
        for pointer, value in metadata(view):
            if value:
                for at, message in labels_problems(value.get("labels"), (*pointer, "labels")):
                    yield view.problem(RULE, message, at)
                for at, message in annotations_problems(value.get("annotations"), (*pointer, "annotations")):
                    yield view.problem(RULE, message, at)
