"""A stack goes away."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.versioning.change import StackChange, Status

RULE = RuleInfo(
    "CS109", "stack-removed", "a stack is removed",
    "Its published releases stay on the rendered branch until they are retired; no new ones will come. A renamed "
    "stack is one that is removed and another that is new.",
    Severity.NOTE,
    "this project: docs/versioning.md",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One note for a removed stack."""
    if change.status is Status.REMOVED:
        message = f"the stack {change.stack} is removed: what it published stays until it is retired"
        if change.renamed:
            message += f"; {change.renamed} is a new stack, so to keep this one for its clusters copy it instead"
        yield Finding(
            RULE.id, RULE.severity, message, change.stack.metadata_path, stack=str(change.stack), key="removed"
        )
