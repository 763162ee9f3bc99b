"""From a comparison to the stacks that changed: layers, values that templates read, versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.layout import MARKS
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.effective import Folders, metadata_missing
from cluster_stacks.repository.paths import METADATA, OVERLAY, Family
from cluster_stacks.versioning.change import LayerChange, StackChange, Status
from cluster_stacks.versioning.layers import Layers, Reads
from cluster_stacks.versioning.reach import FamilyChange, FamilyStates, outside_roots, reached, states, with_roots
from cluster_stacks.versioning.sources import AtTip, Blobs, Reader, Sources, Versions
from cluster_stacks.versioning.unversioned import is_there, is_unversioned, unversioned_change


class Detected(NamedTuple):
    """The stacks that changed, in order, and what keeps others from being judged.

    `touched` are those whose state is to be looked at, with what it says of versions: the changed ones that are still
    there, and those whose overlay.yaml differs. `after` are the proposed files of all their families.
    """

    changes: tuple[StackChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    touched: Mapping[StackId, Versions] = {}
    after: Mapping[Family, Folders] = {}


def detect(comparison: Comparison, reads: Reads) -> Detected:
    """What a comparison changes. Starts no process where nothing below providers/ changed.

    Raises CannotTell where the target is unknown, or an object is not in this repository.
    """
    changed, wrong = reached(comparison.changes)
    if not changed:
        return Detected((), tuple(wrong))
    reader = Reader(comparison.head.git, comparison.target)
    families, wrong = _with_roots(_states(comparison, changed), wrong, reader)
    detector = Detector(reader, comparison.shown, reads, at_tip=reader.at_tip)
    sources = reader.sources(families)
    found: list[StackChange] = []
    refused: list[Finding] = []
    touched: dict[StackId, Versions] = {}
    for family in families:
        for stack in map(family.family.stack, family.minors):
            try:
                change = detector.change(family, stack, sources)
            except Refused as error:
                refused += error.findings
                continue
            found += [change] if change else []
            if is_there(change) if change else _restated(family, stack):
                touched[stack] = sources.after[stack]
    return Detected(
        tuple(sorted(found, key=lambda c: c.stack.sort_key)),
        (*wrong, *refused),
        touched,
        {family.family: family.after for family in families},
    )


def _differs(family: FamilyStates, stack: StackId, key: str) -> bool:
    """Whether a file of the minor itself is another, new or gone."""
    return family.before.get(stack.minor, {}).get(key) != family.after.get(stack.minor, {}).get(key)


def _restated(family: FamilyStates, stack: StackId) -> bool:
    """Whether a file differs that says something of a stack that is there, and is no content."""
    return stack.minor in family.after and any(_differs(family, stack, key) for key in (OVERLAY, *MARKS))


def _with_roots(
    families: Iterable[FamilyStates], wrong: Iterable[Finding], reader: Reader
) -> tuple[list[FamilyStates], list[Finding]]:
    """The families with the minors of upstream's layouts, whose folders need be no minors, and what is wrong."""
    found = [with_roots(family, reader.blob) for family in families]
    states = [family for family, _ in found]
    return states, [*outside_roots(wrong, states), *(problem for _, problems in found for problem in problems)]


def _states(comparison: Comparison, changed: list[FamilyChange]) -> list[FamilyStates]:
    prefixes = [prefix for family in changed for prefix in family.prefixes]
    entries = comparison.head.entries(*prefixes)
    by_family: dict[str, list[Entry]] = {}
    for entry in entries:
        by_family.setdefault("/".join(entry.path.split("/", 3)[:3]), []).append(entry)
    return [states(family, by_family.get(family.family.path, [])) for family in changed]


class Detector:
    """One run of detection on states in memory, wherever they come from: a comparison, or a walk through history.

    `blobs` reads contents by object id, `target` names the branch whose tip `Sources.tip` is, and `reads` says what
    templates read. What is known of a template is kept for the whole run. `at_tip` gives a stack's files at the tip of
    the target, where that may be another state than the one before.
    """

    def __init__(self, blobs: Blobs, target: str, reads: Reads, *, at_tip: AtTip | None = None) -> None:
        self._blobs, self._target, self._at_tip = blobs, target, at_tip
        self._layers = Layers(blobs, reads)

    def change(self, family: FamilyStates, stack: StackId, sources: Sources) -> StackChange | None:
        """How one stack changed; None where it did not. Raises Refused where what it changed to cannot be read."""
        before, after, tip = sources.before[stack], sources.after[stack], sources.tip[stack]
        there, here = METADATA in family.before.get(stack.minor, {}), bool(family.after.get(stack.minor))
        layers = self._layers.changed(family, stack, before, after)
        moved = bool(layers) or _differs(family, stack, METADATA)
        if after.refused and (moved or _restated(family, stack)):
            raise Refused(*after.refused)
        if is_unversioned(before, after, here=here):
            there = bool(family.before.get(stack.minor))
            return unversioned_change(stack, before, after, layers, self._target, there=there, here=here)
        if here and after.metadata is None and (moved or _restated(family, stack)):
            raise Refused(metadata_missing(stack))
        if not moved:
            return None
        if not here and not there:
            return None
        if self._at_tip and layers and tip.metadata and before.metadata != tip.metadata:
            layers = self._not_at_tip(layers, family, stack, after, self._at_tip)
        unreadable = bool(before.refused or tip.refused)
        status = (
            Status.REMOVED if not here
            else Status.NEW if not there and tip.metadata is None and not unreadable
            else Status.CHANGED
        )
        change = StackChange(
            stack, status, layers, before.metadata, after.metadata, tip.metadata, self._target, unreadable,
            f"cluster-stacks bump {stack}",
        )
        return self._with_relations(change, family, sources)

    def _not_at_tip(
        self, layers: Mapping[Layer, LayerChange], family: FamilyStates, stack: StackId, after: Versions, at_tip: AtTip
    ) -> dict[Layer, LayerChange]:
        """Those of the changed layers that are not the target's already: it may have this very change, squashed."""
        folders, versions = at_tip(stack)
        theirs = self._layers.changed(family._replace(before=folders), stack, versions, after)
        return {layer: change for layer, change in layers.items() if layer in theirs}

    def _with_relations(self, change: StackChange, family: FamilyStates, sources: Sources) -> StackChange:
        """The change with what other minors, and other states, say of it."""
        if change.status is Status.CHANGED and Layer.CLUSTER_ADDON not in change.layers:
            return change
        from cluster_stacks.versioning.lost import lost_addons
        from cluster_stacks.versioning.origin import new_minor, origin_of

        if change.status is Status.REMOVED:
            return change._replace(renamed=new_minor(family))
        lost = lost_addons(change, family, sources, self._blobs, self._at_tip)
        origin = origin_of(family, change.stack, sources) if change.status is Status.NEW else None
        return change._replace(lost=lost, origin=origin)
