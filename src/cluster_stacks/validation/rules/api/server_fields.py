"""What only a cluster writes into `metadata` does not stand in Git."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS425", "server-field", "a field of metadata that only a cluster writes",
    "Objects that were read from a cluster carry uid, resourceVersion, managedFields and times. Applied again they are "
    "ignored at best: with a resourceVersion nothing can be created, and with managedFields nothing be applied. Take "
    "them out.",
    Severity.WARNING,
    "Kubernetes: object metadata; server-side apply",
)
_FIELDS = (
    "uid", "resourceVersion", "managedFields", "creationTimestamp", "deletionTimestamp", "generation", "selfLink",
    "deletionGracePeriodSeconds",
)
_SET = frozenset(_FIELDS)


def check(context: Context) -> Iterator[Problem]:
    """Finds such fields where they have a value."""
    for item in context.items:
        metadata = item.metadata
        if not _SET.isdisjoint(metadata):
            for key in _FIELDS:
                if metadata.get(key):
                    message = f"metadata.{key} is written by the cluster alone: take it out"
                    pointer = (*item.prefix, "metadata", key)
                    yield Problem(
                        item.document, RULE.id, message, pointer, on_key=True, severity=RULE.severity, item=item
                    )
