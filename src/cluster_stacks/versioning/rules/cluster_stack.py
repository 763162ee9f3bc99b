"""Any change of content moves clusterStack."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.judge import standing_still

RULE = RuleInfo(
    "CS101", "cluster-stack-version", "content changed, and clusterStack did not move",
    "clusterStack is the version of change: any change in the cluster class, the addons or the node images, and any "
    "change of versions.kubernetes, moves it by one, however many layers changed. A layer's content is its files, "
    "shared ones included, and the values that its templates read.",
    source="cluster-stacks specification, versioning",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding where clusterStack stands still."""
    yield from standing_still(RULE, change, Component.CLUSTER_STACK)
