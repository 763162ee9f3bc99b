"""A new stack that says it is a copy is one."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.repository.paths import OVERLAY
from cluster_stacks.versioning.change import StackChange, Status

RULE = RuleInfo(
    "CS112", "copy-origin", "overlay.yaml says that a new stack comes from a minor that is not there",
    "`from: 1-36` lets a new stack keep the versions of the minor that it is a copy of. It names another minor of the "
    "same stack, which the repository has.",
    source="this project: docs/versioning.md",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding where there is no such minor."""
    origin = change.origin
    if change.status is not Status.NEW or origin is None or not origin.said or origin.versions:
        return
    itself = origin.minor == change.stack.minor
    message = (
        f"from names {'this stack itself' if itself else origin.minor + ', which this stack does not have'}: name the "
        "minor that it was copied from, or drop the line and start at v1"
    )
    path = f"{change.stack.path}/{OVERLAY}"
    yield Finding.at(RULE.id, RULE.severity, message, path, origin.position, stack=str(change.stack), key="from")
