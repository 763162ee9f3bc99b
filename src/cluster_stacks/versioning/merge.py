"""Which versions a merge of two branches must have: the pure half of the merge driver, and of `bump` after a conflict.

Both sides moved versions since they parted. The versions that stand on the branch which the merge is for decide, as
they do for every change: a component that the merge changes there follows its version on that branch by one step, every
other keeps it. So v3 → v4 on both sides becomes v5 where the content of both is in.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import NamedTuple

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.version import KubernetesVersion, Version, VersionError
from cluster_stacks.versioning.expected import VERSIONED, is_successor, version_of


class Conflict(NamedTuple):
    """The versions of a merge cannot be told; `reason` says why, as the end of a sentence."""

    reason: str


def merge_versions(
    base: Metadata, ours: Metadata, theirs: Metadata, *, target: Metadata | None = None,
    changed: Collection[Component] | None = None,
) -> Metadata | Conflict:
    """The versions of a stack after the merge of `ours` and `theirs`, which parted at `base`.

    `target` holds the versions at the tip of the branch that the merge is for: `ours` where a topic is merged into it
    (the default), `theirs` where it is merged into a topic. `changed` are the components whose content the merge
    changes, seen from that branch; None where nobody looked: those whose versions the side that is not the target
    moved. Kubernetes follows the side that moved it.
    """
    target = ours if target is None else target
    unclear = _unclear(base, ours, theirs, target)
    if unclear:
        return Conflict(unclear)
    kubernetes = merge_kubernetes(base.kubernetes, ours.kubernetes, theirs.kubernetes)
    if isinstance(kubernetes, Conflict):
        return kubernetes
    if changed is None:
        changed = _moved(base, ours if target == theirs else theirs)
        if kubernetes != target.kubernetes:
            changed = {*changed, Component.CLUSTER_STACK}
    try:
        stack, addon, image = (_followed(target, component, changed) for component in VERSIONED)
    except VersionError as error:
        return Conflict(str(error))
    return dataclasses.replace(
        target, cluster_stack=stack, kubernetes=kubernetes, cluster_addon=addon, node_image=image, positions={}
    )


def merge_kubernetes(
    base: KubernetesVersion, ours: KubernetesVersion, theirs: KubernetesVersion
) -> KubernetesVersion | Conflict:
    """The version of the side that moved it; a Conflict where both did, to different ones."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    return Conflict(f"both sides move kubernetes: {ours} and {theirs}")


def _followed(target: Metadata, component: Component, changed: Collection[Component]) -> Version:
    version = version_of(target, component)
    return version.next() if component in changed else version


def _moved(base: Metadata, side: Metadata) -> set[Component]:
    return {component for component in VERSIONED if version_of(side, component) != version_of(base, component)}


def _unclear(base: Metadata, ours: Metadata, theirs: Metadata, target: Metadata) -> str:
    """Why the way from the base to one of the sides does not say what was meant; empty where it does."""
    for component in VERSIONED:
        before, at_target = version_of(base, component), version_of(target, component)
        sides = {version_of(ours, component), version_of(theirs, component)}
        if len({version.channel for version in (*sides, before, at_target)}) > 1:
            return f"{component} has versions of different channels: {_listed({*sides, before, at_target})}"
        for version in sides - {at_target}:
            if version != before and not is_successor(version, before) and not is_successor(version, at_target):
                return f"{component} moved from {before} to {version}, which is not one step"
        if at_target < before:
            return f"{component} moved down, from {before} to {at_target}"
    return ""


def _listed(versions: Collection[Version]) -> str:
    return ", ".join(str(version) for version in sorted(versions))
