"""From a comparison to the stacks that changed: layers, values that templates read, versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import Layer, StackId, layer_of
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.effective import Folders, effective_entries, metadata_missing
from cluster_stacks.repository.paths import METADATA, OVERLAY, Family
from cluster_stacks.versioning.change import LayerChange, StackChange, Status
from cluster_stacks.versioning.reach import FamilyChange, FamilyStates, differing, reached, states
from cluster_stacks.versioning.sources import Reader, Sources, Versions
from cluster_stacks.versioning.values import Context, changed_reads, context_of

Reads = Callable[[str, bytes], frozenset[str]]
"""Which dotted names of the context the file at a path of a stack reads (rendering.reads)."""


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
    families = _states(comparison, changed)
    detector = _Detector(Reader(comparison.head.git, comparison.target), comparison.target, reads)
    sources = detector.reader.sources(families)
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
            if change.head if change else _differs(family, stack, OVERLAY):
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


def _states(comparison: Comparison, changed: list[FamilyChange]) -> list[FamilyStates]:
    prefixes = [prefix for family in changed for prefix in family.prefixes]
    entries = comparison.head.entries(*prefixes)
    by_family: dict[str, list[Entry]] = {}
    for entry in entries:
        by_family.setdefault("/".join(entry.path.split("/", 3)[:3]), []).append(entry)
    return [states(family, by_family.get(family.family.path, [])) for family in changed]


class _Detector:
    """One run of detection: what it reads, and how it asks templates what they read."""

    def __init__(self, reader: Reader, target: str, reads: Reads) -> None:
        self.reader, self._target, self._reads = reader, target, reads
        self._known: dict[tuple[str, str], frozenset[str]] = {}

    def change(self, family: FamilyStates, stack: StackId, sources: Sources) -> StackChange | None:
        """How one stack changed; None where it did not. Raises Refused where what it changed to cannot be read."""
        before, after, tip = sources.before[stack], sources.after[stack], sources.tip[stack]
        there, here = METADATA in family.before.get(stack.minor, {}), bool(family.after.get(stack.minor))
        layers = self._layers(family, stack, sources)
        moved = bool(layers) or _differs(family, stack, METADATA)
        if after.refused and (moved or _differs(family, stack, OVERLAY)):
            raise Refused(*after.refused)
        if not moved:
            return None
        if here and after.metadata is None:
            raise Refused(metadata_missing(stack))
        if not here and not there:
            return None
        unreadable = bool(before.refused or tip.refused)
        status = (
            Status.REMOVED if not here
            else Status.NEW if not there and tip.metadata is None and not unreadable
            else Status.CHANGED
        )
        return StackChange(
            stack, status, layers, before.metadata, after.metadata, tip.metadata, self._target, unreadable,
            f"cluster-stacks bump {stack}",
        )

    def _layers(self, family: FamilyStates, stack: StackId, sources: Sources) -> dict[Layer, LayerChange]:
        before, after = sources.before[stack], sources.after[stack]
        changed = differing(family, stack.minor, before.overlay.remove, after.overlay.remove)
        files: dict[Layer, list[str]] = {}
        shared: set[str] = set()
        for key, (old, new) in changed.items():
            layer = layer_of(key)
            if layer is None or self._only_chart_version(key, old, new):
                continue
            files.setdefault(layer, []).append(key)
            if (new or old).path.startswith(stack.shared_path + "/"):  # type: ignore[union-attr]  # one of them is there
                shared.add(key)
        values = self._values(family, stack, sources)
        return {
            layer: LayerChange(
                tuple(files.get(layer, ())),
                frozenset(key for key in files.get(layer, ()) if key in shared),
                tuple(values.get(layer, ())),
            )
            for layer in Layer
            if layer in files or layer in values
        }

    def _only_chart_version(self, key: str, old: Entry | None, new: Entry | None) -> bool:
        """Whether a chart differs in nothing but its own version, which follows from the stack's and is no content."""
        if old is None or new is None or old.mode != new.mode or not key.endswith("/Chart.yaml"):
            return False
        from cluster_stacks.releases.digest import content

        return content(key, self.reader.blob(old)) == content(key, self.reader.blob(new))

    def _values(self, family: FamilyStates, stack: StackId, sources: Sources) -> dict[Layer, list[str]]:
        """The changed values that the templates of a stack read, told with their reader, by layer."""
        before, after = sources.before[stack], sources.after[stack]
        if before.metadata is None or after.metadata is None:
            return {}
        old, new = (context_of(side.metadata, side.overlay.vars) for side in (before, after))
        if not changed_reads(("kubernetes", "vars"), old, new):
            return {}
        entries = effective_entries(family.after, stack.minor, after.overlay.remove)
        readable = {key: entry for key, entry in entries.items() if layer_of(key) and not entry.is_submodule}
        self.reader.fetch(readable.values())
        found: dict[Layer, list[str]] = {}
        for key, entry in readable.items():
            layer = layer_of(key)
            assert layer is not None
            found_here = self._told(key, entry, old, new)
            if found_here:
                found.setdefault(layer, []).extend(found_here)
        return found

    def _told(self, key: str, entry: Entry, old: Context, new: Context) -> list[str]:
        known = self._known.get((key, entry.oid))
        if known is None:
            known = self._known[key, entry.oid] = self._reads(key, self.reader.blob(entry))
        return [f"{name}, read by {key.partition('/')[2] or key}" for name in changed_reads(known, old, new)]

