"""Where versions are moved after the merge (`bump: merge`): what a change may say of them, and what becomes of them."""

from __future__ import annotations

import dataclasses

from cluster_stacks.model.metadata import Component
from cluster_stacks.model.version import Version
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.expected import VERSIONED, floor, version_of, wanted


def is_left_to_merge(change: StackChange) -> bool:
    """Whether the merge moves the versions of a change.

    Not those of a new stack, nor of one whose versions before cannot be read; and not where the change moves the stack
    to another channel (v4-alpha.3 to v4), which nobody can do but a person: then its author moves all of them.
    """
    if change.status is not Status.CHANGED or change.head is None or change.unreadable:
        return False
    before = floor(change, Component.CLUSTER_STACK)
    return before is not None and before.channel == change.head.cluster_stack.channel


def moved(change: StackChange) -> dict[Component, tuple[Version, Version]]:
    """The versions that a change moved although the merge does: component → (what stands there, what stood there)."""
    assert change.head is not None
    found: dict[Component, tuple[Version, Version]] = {}
    for component in VERSIONED:
        given = version_of(change.head, component)
        sides = [version_of(side, component) for side in (change.tip, change.base) if side]
        if sides and given not in sides:
            found[component] = (given, sides[0])
    return found


def after_merge(change: StackChange) -> dict[Component, Version | None]:
    """The versions that the merge moves, and to what; None where the next one cannot be computed."""
    before = {component: floor(change, component) for component in VERSIONED}
    assert change.head is not None
    still = dataclasses.replace(
        change.head,
        cluster_stack=before[Component.CLUSTER_STACK] or change.head.cluster_stack,
        cluster_addon=before[Component.CLUSTER_ADDON] or change.head.cluster_addon,
        node_image=before[Component.NODE_IMAGE] or change.head.node_image,
    )
    # As if nothing had moved: the tip is where the merge starts from, also for what moved there meanwhile.
    merged = change._replace(head=still, base=still, tip=still)
    return {component: wanted(merged, component) for component in VERSIONED if change.changed(component)}
