"""A change of the layer moves nodeImage."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.judge import standing_still

RULE = RuleInfo(
    "CS103", "node-image-version", "the node-images layer changed, and nodeImage did not move",
    "The version of the node images moves by one if, and only if, their layer changed. An image is imported under a "
    "name that carries its version: under the same name it is never imported again.",
    source="cluster-stacks specification, versioning",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding where nodeImage stands still."""
    yield from standing_still(RULE, change, Component.NODE_IMAGE)
