"""Reads what detection needs of both states and of the target's tip, all through one process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.layout import MARKS
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import SHARED, StackId
from cluster_stacks.repository.effective import Folders, families
from cluster_stacks.repository.git import Git, safe_revision, unknown_revision
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.overlay import NOTHING, Overlay, parse_overlay
from cluster_stacks.repository.paths import METADATA, OVERLAY, Family
from cluster_stacks.repository.snapshot import CommitSnapshot, content
from cluster_stacks.versioning.reach import FamilyStates

if TYPE_CHECKING:  # nothing of it is loaded where every stack is native
    from cluster_stacks.repository.layouts.said import Said


class Versions(NamedTuple):
    """metadata.yaml and overlay.yaml of a stack in one state. `metadata` is None where it is missing or `refused`.

    `told` is what a stack of one of upstream's layouts says besides; None for a native one.
    """

    metadata: Metadata | None = None
    overlay: Overlay = NOTHING
    refused: tuple[Finding, ...] = ()
    told: Said | None = None


class Sources(NamedTuple):
    """The versions of each stack at the merge base, in the proposed state, and at the target's tip."""

    before: dict[StackId, Versions]
    after: dict[StackId, Versions]
    tip: dict[StackId, Versions]


AtTip = Callable[[StackId], tuple[Folders, Versions]]
"""The files of a stack's family at the tip of the target, as far as the stack needs them, and its versions there."""


class Blobs(Protocol):
    """Contents by object id."""

    def blob(self, entry: Entry) -> bytes:
        """The content of an entry. Raises CannotTell where it is missing, Refused where it is too large."""

    def fetch(self, entries: Iterable[Entry]) -> None:
        """Reads many entries at once, so that `blob` has them."""


def _no_file(entry: Entry, stack: StackId) -> Finding:
    from cluster_stacks.repository import rules

    message = "a submodule stands where a file belongs: its content is not part of this commit, make it a file"
    return rules.finding(rules.SUBMODULE, message, entry.path, stack=stack)


class Reader:
    """Reads blobs of the states by object id, and metadata at the target's tip by name; parses equal bytes once."""

    def __init__(self, git: Git, target: str) -> None:
        self._git = git
        self._target = safe_revision(target)
        self._blobs: dict[str, bytes] = {}
        self._parsed: dict[tuple[str, bytes | None, bytes | None], Versions] = {}

    def blob(self, entry: Entry) -> bytes:
        """The content of an entry that was fetched, or is now; nothing for a submodule, whose commit is not here."""
        if entry.is_submodule:
            return b""
        if entry.oid not in self._blobs:
            self.fetch([entry])
        return self._blobs[entry.oid]

    def fetch(self, entries: Iterable[Entry]) -> None:
        """Reads many entries at once."""
        wanted = {entry.oid: entry for entry in entries if entry.oid not in self._blobs and not entry.is_submodule}
        for (oid, entry), item in zip(wanted.items(), self._git.batch.read(list(wanted)), strict=True):
            self._blobs[oid] = content(entry, item)

    def sources(self, families: Iterable[FamilyStates]) -> Sources:
        """What is said of the versions of every minor of `families`."""
        found = Sources({}, {}, {})
        todo = [(states, states.family.stack(minor)) for states in families for minor in states.minors]
        heads = [
            folder[name]
            for states, stack in todo
            for folder in (states.before.get(stack.minor, {}), states.after.get(stack.minor, {}))
            for name in (METADATA, OVERLAY)
            if name in folder
        ]
        self.fetch(heads)
        tips = self._tips([stack for _, stack in todo])
        for states, stack in todo:
            for side, folders in ((found.before, states.before), (found.after, states.after)):
                side[stack] = self.versions(stack, folders.get(stack.minor, {}), shared=SHARED in folders)
            found.tip[stack] = self._parse(stack, tips[stack], None)
        return found

    def at_tip(self, stack: StackId) -> tuple[Folders, Versions]:
        """The files of a stack at the target's tip, shared ones included, and what they say of its versions."""
        entries = CommitSnapshot(self._git, self._target).entries(stack.path, stack.shared_path)
        folders = families(entries).get(Family(stack.provider, stack.name), {})
        return folders, self.versions(stack, folders.get(stack.minor, {}), shared=SHARED in folders)

    def _tips(self, stacks: list[StackId]) -> dict[StackId, bytes | None]:
        """metadata.yaml of stacks at the target's tip. Raises CannotTell where the target is unknown."""
        names = [f"{self._target}^{{commit}}", *(f"{self._target}:{stack.metadata_path}" for stack in stacks)]
        commit, *items = self._git.batch.read(names)
        if commit is None and self._target != "HEAD":
            raise CannotTell(unknown_revision(self._target))
        return {
            stack: item.data if item and item.type == "blob" else None
            for stack, item in zip(stacks, items, strict=True)
        }

    def versions(self, stack: StackId, folder: Mapping[str, Entry], *, shared: bool = False) -> Versions:
        """What a stack's own folder in one state says of its versions; `shared`: whether its family shares a folder.

        Only native families do, whatever else stands in their minors.
        """
        metadata, overlay = folder.get(METADATA), folder.get(OVERLAY)
        foreign = [entry for entry in (metadata, overlay) if entry and entry.is_submodule]
        if foreign:
            return Versions(refused=tuple(_no_file(entry, stack) for entry in foreign))
        found = self._parse(
            stack, self.blob(metadata) if metadata else None, self.blob(overlay) if overlay else None
        )
        native = shared or overlay or folder.keys().isdisjoint(MARKS)
        return found if native else self._told(stack, folder, found)

    def _told(self, stack: StackId, folder: Mapping[str, Entry], found: Versions) -> Versions:
        from cluster_stacks.repository.layouts import NOTHING as NOTHING_SAID
        from cluster_stacks.repository.layouts import said

        try:
            return found._replace(told=said(stack, folder, self.blob))
        except Refused as error:
            return found._replace(refused=found.refused + error.findings, told=NOTHING_SAID)

    def _parse(self, stack: StackId, metadata: bytes | None, overlay: bytes | None) -> Versions:
        refused: tuple[Finding, ...] = ()
        metadata_path, overlay_path = f"{stack.path}/{METADATA}", f"{stack.path}/{OVERLAY}"
        key = (metadata_path, metadata, overlay)
        if key in self._parsed:
            return self._parsed[key]
        versions, laid = None, NOTHING
        try:
            versions = parse_metadata(metadata, metadata_path, stack) if metadata is not None else None
        except Refused as error:
            refused += error.findings
        try:
            laid = parse_overlay(overlay, overlay_path, stack) if overlay is not None else NOTHING
        except Refused as error:
            refused += error.findings
        self._parsed[key] = found = Versions(versions, laid, refused)
        return found
