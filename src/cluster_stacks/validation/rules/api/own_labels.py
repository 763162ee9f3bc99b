"""Labels are ones that the API server takes."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.qualified import labels_problems
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS417", "bad-label", "a label that the API server refuses",
    "A key is `name` or `prefix/name`, the prefix a DNS subdomain. Name and value have at most 63 bytes of letters, "
    "digits, -, _ and ., and begin and end with a letter or a digit; a value may be empty. Long or free texts belong "
    "into an annotation.",
    source="apimachinery: meta/v1/validation (ValidateLabels)",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds keys and values of an object's own labels that are none."""
    for item in context.items:
        labels = item.metadata.get("labels")
        if labels:
            for pointer, message in labels_problems(labels, (*item.prefix, "metadata", "labels")):
                yield Problem(item.document, RULE.id, message, pointer, item=item)
