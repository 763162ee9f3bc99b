"""A stack loses the source of its versions."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.versioning.change import StackChange, Status

RULE = RuleInfo(
    "CS163", "versions-left", "metadata.yaml is removed, and the stack goes on in a layout without versions",
    "Beside csctl.yaml, stack.yaml or versions.yaml a stack needs no metadata.yaml, and from then on no rule on "
    "versions holds for it. That is a decision to see, not one to make by the way.",
    Severity.WARNING,
    "this project: docs/layouts.md",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One warning for the change that does it."""
    if change.kubernetes is not None and change.base is not None and change.status is Status.CHANGED:
        message = (
            f"metadata.yaml is gone, which said clusterStack {change.base.cluster_stack}: from now on no version of "
            f"{change.stack} is judged"
        )
        yield Finding.at(
            RULE.id, RULE.severity, message, change.stack.metadata_path, stack=str(change.stack), key="metadata.yaml"
        )
