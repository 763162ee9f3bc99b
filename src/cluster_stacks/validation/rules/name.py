"""Every object has a name."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS407", "no-name", "an object without a name",
    "`metadata.name` is what the object is applied under; without it (and without generateName) the API server refuses "
    "it. Schemas do not say so, because the API server fills generated names in.",
    source="Kubernetes: object names",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds objects that have neither a name nor a generateName."""
    for item in context.items:
        if not item.name:
            message = f"{item.kind or 'the object'} has no metadata.name"
            yield Problem(item.document, RULE.id, message, (*item.prefix, "metadata", "name"), item=item)
