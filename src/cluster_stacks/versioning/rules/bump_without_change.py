"""A version whose content did not change stays."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.expected import VERSIONED, wanted
from cluster_stacks.versioning.judge import LAYER_OF, finding, moved_alone

RULE = RuleInfo(
    "CS104", "bump-without-change", "a version moved, and its content did not change",
    "A version is left intact where nothing that it stands for changed: a new one would ask every cluster for an "
    "upgrade to the same content. A chart's own version is no content, or every bump would justify itself.",
    source="cluster-stacks specification, versioning",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding for each version that moved without a reason."""
    for component in VERSIONED:
        if moved_alone(change, component):
            whole = component is Component.CLUSTER_STACK
            reason = "no layer changed, nor did kubernetes" if whole else f"{LAYER_OF[component]} did not change"
            yield finding(RULE, change, component, f"{component} must stay {wanted(change, component)}: {reason}")
