"""Versions in a channel: a pre-release that begins or goes on, and one that becomes stable."""

from __future__ import annotations

import re

from cluster_stacks.model.metadata import Component
from cluster_stacks.model.version import FIRST, STABLE, Version, VersionError
from cluster_stacks.versioning.bump import edits
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.expected import VERSIONED, floor, version_of

_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")


def is_channel(text: str) -> bool:
    """Whether a bump can count in a channel of that name: letters, digits, underscores; not stable, nor sha and git."""
    return bool(_CHANNEL.fullmatch(text)) and text not in (STABLE, "sha", "git")


def in_channel(change: StackChange, channel: str) -> dict[Component, tuple[Version, Version]]:
    """The edits by which a changed stack gets its next pre-release: v3 to v4-alpha.0, v4-alpha.0 to v4-alpha.1.

    A later channel begins at the same number (v4-alpha.3 to v4-beta.0). Components that did not change stay. Raises
    VersionError for an earlier channel, whose numbers would come twice.
    """
    if change.head is None:
        return {}
    found = edits(change)
    for component in VERSIONED:
        before = floor(change, component)
        if before is not None and not change.changed(component):
            continue
        found.pop(component, None)
        given, version = version_of(change.head, component), _following(before, channel)
        if given != version:
            found[component] = (given, version)
    return found


def promoted(change: StackChange) -> dict[Component, tuple[Version, Version]]:
    """The edits by which a stack becomes stable: v4-alpha.3 to v4, and every component that is a pre-release with it.

    It need not have changed; a component alone never moves, its stack's version stands for it too.
    """
    if change.head is None:
        return {}
    moves = change.changed(Component.CLUSTER_STACK) or change.head.cluster_stack.channel != STABLE
    found: dict[Component, tuple[Version, Version]] = {}
    for component in VERSIONED if moves else ():
        given, version = version_of(change.head, component), _stable(change, component)
        if given != version:
            found[component] = (given, version)
    return found


def _following(before: Version | None, channel: str) -> Version:
    if before is None:
        return Version(FIRST.major, channel, "0")
    if before.channel == STABLE:
        return Version(before.major + 1, channel, "0")
    if before.channel == channel:
        return before.next()
    version = Version(before.major, channel, "0")
    if version < before:
        raise VersionError(f"{channel} comes before {before.channel}: {before} is followed by a later channel, or v"
                           f"{before.major}")
    return version


def _stable(change: StackChange, component: Component) -> Version:
    assert change.head is not None
    before = floor(change, component) or FIRST
    if change.changed(component) and before.channel == STABLE and floor(change, component):
        return before.next()
    given = before if change.changed(component) else version_of(change.head, component)
    if given.channel == STABLE:
        return given
    return Version(max(given.major, FIRST.major))
