"""Annotations are ones that the API server takes."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.qualified import annotations_problems
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS418", "bad-annotation", "annotations that the API server refuses",
    "A key is `name` or `prefix/name` as a label's; the values may be any text, and all keys and values together have "
    "at most 256 KiB.",
    source="apimachinery: api/validation (ValidateAnnotations)",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds keys of an object's own annotations that are none, and annotations that are too large."""
    for item in context.items:
        annotations = item.metadata.get("annotations")
        if annotations:
            for pointer, message in annotations_problems(annotations, (*item.prefix, "metadata", "annotations")):
                yield Problem(item.document, RULE.id, message, pointer, item=item)
