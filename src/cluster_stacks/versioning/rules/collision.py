"""Two branches with the same number."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.expected import wanted
from cluster_stacks.versioning.judge import finding, is_collision, must_be, wrong

RULE = RuleInfo(
    "CS105", "version-taken", "the target branch has given this version to another change",
    "Two branches that both say v3 to v4 merge without a conflict, and v4 would silently mean both. What changed is "
    "seen from the merge base; what the new version must be, from the tip of the target branch.",
    source="this project: docs/versioning.md",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding for the stack, however many of its versions are taken."""
    if not is_collision(change):
        return
    assert change.tip is not None
    component = Component.CLUSTER_STACK
    others = [f"{other} {wanted(change, other)}" for other in wrong(change) if other is not component]
    message = (
        f"{must_be(change, component)}: {change.target} already has {change.tip.cluster_stack} for another change"
        + (f" (then also {' and '.join(others)})" if others else "")
    )
    yield finding(RULE, change, component, message)
