"""Addons of new releases against the published ones that clusters move from: none may be lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.releases.branch import Branch, Release
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.versioning.change import LostAddon
from cluster_stacks.versioning.identity import AddonIdentity, losses
from cluster_stacks.versioning.rules.addon_identity import finding_of


def lost_addons(branch: Branch, releases: Iterable[StagedRelease]) -> Iterator[Finding]:
    """What releases that the branch lacks lose of the addons of their predecessors on it.

    The predecessor is the highest live version below in the series; for the first, that of the minor before.
    """
    new = [item for item in releases if branch.find(item.stack, item.version) is None]
    pairs = [(item, before) for item in new if (before := _predecessor(branch, item))]
    facts = branch.facts([before for _, before in pairs])
    for (item, before), old in zip(pairs, facts, strict=True):
        for loss in losses(_identities(old), _identities(item.facts)):
            yield finding_of(item.stack, LostAddon(loss, before[0], item.stack.metadata_path))


def _predecessor(branch: Branch, item: StagedRelease) -> Release | None:
    series = branch.series.get(item.stack)
    before = series.predecessor(item.version) if series else None
    if before is not None:
        return item.stack, before.version
    stack = max((stack for stack in branch.series if _is_before(stack, item.stack)), key=_minor, default=None)
    latest = branch.series[stack].latest if stack else None
    return (stack, latest.version) if stack and latest else None


def _is_before(stack: StackId, other: StackId) -> bool:
    return stack[:2] == other[:2] and _minor(stack) < _minor(other)


def _minor(stack: StackId) -> tuple[int, ...]:
    return tuple(map(int, stack.minor.split("-")))


def _identities(facts: ReleaseFacts) -> list[AddonIdentity]:
    return [AddonIdentity(addon.name, addon.namespace, addon.release_name) for addon in facts.addons]
