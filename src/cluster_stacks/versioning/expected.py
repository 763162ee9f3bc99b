"""What the versions of a changed stack must be."""

from __future__ import annotations

import dataclasses

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.version import FIRST, STABLE, Version, VersionError
from cluster_stacks.versioning.change import StackChange, Status

VERSIONED = (Component.CLUSTER_STACK, Component.CLUSTER_ADDON, Component.NODE_IMAGE)
"""The components whose versions follow from changes. Kubernetes is chosen, never computed."""


def version_of(metadata: Metadata, component: Component) -> Version:
    """The version of a component other than Kubernetes."""
    version = metadata.component(component)
    assert isinstance(version, Version)
    return version


def expected(change: StackChange) -> Metadata | None:
    """The metadata that the proposed state must have; it equals the state's own where that is right.

    None for a removed stack. Where a version has no successor that could be computed, it stays as it is.
    """
    if change.head is None:
        return None
    stack, addon, image = (wanted(change, c) or version_of(change.head, c) for c in VERSIONED)
    return dataclasses.replace(change.head, cluster_stack=stack, cluster_addon=addon, node_image=image)


def is_plain(change: StackChange) -> bool:
    """Whether no rule has anything to say of a change: most changes are such, and load none of them."""
    if change.status is not Status.CHANGED or change.head is None or change.unreadable or change.lost:
        return False
    before = change.tip or change.base
    is_up = before is not None and change.head.kubernetes >= before.kubernetes
    return is_up and all(is_right(change, component) for component in VERSIONED)


def is_right(change: StackChange, component: Component) -> bool:
    """Whether the proposed version is one that it may be. True where nothing can be said."""
    if change.head is None:
        return True
    given = version_of(change.head, component)
    before = floor(change, component)
    if change.status is Status.NEW:
        copied = _copied(change)
        return given == version_of(copied, component) if copied else is_first(given)
    if before is None:
        return True
    if change.changed(component):
        return is_successor(given, before)
    return given in _left_alone(change, component) or _is_promotion(change, component)


def wanted(change: StackChange, component: Component) -> Version | None:
    """The version that it must be: the proposed one where it is right, else the nearest that is.

    None where the version before it has no successor that could be computed (`v0-sha.abc`).
    """
    assert change.head is not None
    if is_right(change, component):
        return version_of(change.head, component)
    before = floor(change, component)
    if before is None:
        copied = _copied(change)
        return version_of(copied, component) if copied else FIRST
    if not change.changed(component):
        return before
    try:
        return before.next()
    except VersionError:
        return None


def floor(change: StackChange, component: Component) -> Version | None:
    """The version that the new one follows: that at the tip of the target, or at the merge base where it is gone there.

    None for a new stack, and where neither can be read.
    """
    before = change.tip or change.base
    return version_of(before, component) if before else None


def is_successor(version: Version, before: Version) -> bool:
    """Whether `version` follows `before` by one step.

    v3 → v4, v1-alpha.0 → v1-alpha.1. Also: a pre-release becomes stable (v1-alpha.3 → v1) or begins a later channel
    (v1-alpha.3 → v1-beta.0; back to an earlier one, its numbers would come twice), a stable version is followed by the
    first pre-release of the next (v3 → v4-alpha.0), a channel whose patch does not count (v0-sha.abc) by any other
    patch of it, and a pre-release of v0 also by the first version or its pre-releases (v0-sha.abc → v1, v1-alpha.0).
    """
    if version.major != before.major:
        before_first = before.major == 0 or before.channel == STABLE
        return before_first and version.major == before.major + 1 and _is_early(version)
    if before.channel == STABLE:
        return False
    if version.channel != before.channel:
        return version.channel == STABLE or (version.begins_channel and version > before)
    return version == before.next() if before.is_numbered else version.patch != before.patch


def _is_early(version: Version) -> bool:
    return version.channel == STABLE or version.begins_channel


def is_first(version: Version) -> bool:
    """Whether a new stack may start with it: v1, or a pre-release of v0 or v1."""
    return version == FIRST or (version.channel != STABLE and version.major <= FIRST.major)


def _copied(change: StackChange) -> Metadata | None:
    """The versions that a new stack has to have because it says that it is a copy, and of its origin's by clusterStack.

    None where it starts at the first version, as it may.
    """
    assert change.head is not None
    if change.origin is None or not change.origin.said or all(is_first(version_of(change.head, c)) for c in VERSIONED):
        return None
    same = [m for m in change.origin.versions if m.cluster_stack == change.head.cluster_stack]
    kept = [m for m in same if all(version_of(m, c) == version_of(change.head, c) for c in VERSIONED)]
    return next(iter(kept or same), None)


def _is_promotion(change: StackChange, component: Component) -> bool:
    """Whether a pre-release becomes stable with nothing changed; a component does so with its stack only.

    Versions are part of what is published: a component that moves alone would change a release that there is.
    """
    assert change.head is not None
    given, before = version_of(change.head, component), floor(change, component)
    assert before is not None
    if not (before.channel != STABLE == given.channel and given.major == before.major):
        return False
    whole = Component.CLUSTER_STACK
    return component is whole or wanted(change, whole) != floor(change, whole)


def _left_alone(change: StackChange, component: Component) -> set[Version]:
    """The versions of a component that did not change here: as it was, or as the target has it since."""
    return {version_of(metadata, component) for metadata in (change.base, change.tip) if metadata is not None}
