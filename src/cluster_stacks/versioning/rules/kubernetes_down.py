"""Kubernetes goes up, never down."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, Fix, RuleInfo
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.change import StackChange

RULE = RuleInfo(
    "CS110", "kubernetes-down", "versions.kubernetes goes down",
    "Cluster API refuses to move a Cluster to an older Kubernetes version, so nobody who has the last release could "
    "take this one. A patch that turns out bad is followed by a release with the next one, or the version is yanked. "
    "Another minor is another stack.",
    source="Cluster API, topology version; cluster-stack-operator",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding where the change lowers the patch, or keeps to a lower one than the target has by now."""
    before = change.tip or change.base
    if change.head is None or before is None or not (change.head.patch_known and before.patch_known):
        return
    untouched = change.base is not None and not change.kubernetes_changed
    if untouched or change.head.kubernetes >= before.kubernetes:
        return
    message = (
        f"kubernetes must not go down from {before.kubernetes} to {change.head.kubernetes}: clusters on the last "
        f"release cannot follow; write {before.kubernetes} or a later patch, or waive {RULE.id} for {change.stack}"
    )
    yield Finding.at(
        RULE.id, RULE.severity, message, change.stack.metadata_path, change.head.positions[Component.KUBERNETES],
        stack=str(change.stack), fix=Fix(f"set kubernetes to {before.kubernetes}"), key=Component.KUBERNETES.value,
    )
