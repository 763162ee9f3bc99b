"""A change of the layer moves clusterAddon."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.judge import standing_still

RULE = RuleInfo(
    "CS102", "cluster-addon-version", "the cluster-addon layer changed, and clusterAddon did not move",
    "The version of the addons moves by one if, and only if, their layer changed. Addons whose version stands still "
    "are not applied again to clusters that have them.",
    source="cluster-stacks specification, versioning",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding where clusterAddon stands still."""
    yield from standing_still(RULE, change, Component.CLUSTER_ADDON)
