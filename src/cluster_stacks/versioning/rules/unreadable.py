"""The earlier metadata.yaml cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.versioning.change import StackChange, Status

RULE = RuleInfo(
    "CS108", "version-unknown-before", "the versions before the change cannot be read",
    "metadata.yaml at the merge base or on the target branch is broken, so nothing says which version the new one "
    "follows. Whoever mends it has to look what was published last.",
    Severity.WARNING,
    "this project: docs/versioning.md",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One warning where the number cannot be judged."""
    if change.unreadable and change.status is not Status.REMOVED:
        where = "the merge base" if change.tip else change.target
        message = f"metadata.yaml of {where} cannot be read: see for yourself that these versions follow the last ones"
        yield Finding(
            RULE.id, RULE.severity, message, change.stack.metadata_path, stack=str(change.stack), key="before"
        )
