"""Component versions stay behind the stack's."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.model.metadata import Component
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.model.version import STABLE
from cluster_stacks.versioning.expected import version_of

RULE = RuleInfo(
    "CS150", "component-beyond-stack", "a component has a higher version than its stack",
    "Every change of a component is a change of the stack, so the stack's version is never behind. Where it is, some "
    "earlier change moved the component alone.",
    Severity.WARNING,
    "derived from the versioning rules",
)


def check(source: StackState) -> Iterator[Finding]:
    """One warning for each component that is ahead; pre-releases of other channels cannot be compared."""
    metadata = source.metadata
    if metadata is None:
        return
    for component in (Component.CLUSTER_ADDON, Component.NODE_IMAGE):
        version = version_of(metadata, component)
        stable = version.channel == metadata.cluster_stack.channel == STABLE
        if stable and version > metadata.cluster_stack:
            yield Finding.at(
                RULE.id, RULE.severity, f"{component} {version} is ahead of clusterStack {metadata.cluster_stack}",
                source.stack.metadata_path, metadata.positions[component], stack=str(source.stack), key=component.value,
            )
