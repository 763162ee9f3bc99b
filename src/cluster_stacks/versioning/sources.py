"""Reads what detection needs of both states and of the target's tip, all through one process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.git import Git, safe_revision, unknown_revision
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.overlay import NOTHING, Overlay, parse_overlay
from cluster_stacks.repository.paths import METADATA, OVERLAY
from cluster_stacks.repository.snapshot import content
from cluster_stacks.versioning.reach import FamilyStates


class Versions(NamedTuple):
    """metadata.yaml and overlay.yaml of a stack in one state. `metadata` is None where it is missing or `refused`."""

    metadata: Metadata | None = None
    overlay: Overlay = NOTHING
    refused: tuple[Finding, ...] = ()


class Sources(NamedTuple):
    """The versions of each stack at the merge base, in the proposed state, and at the target's tip."""

    before: dict[StackId, Versions]
    after: dict[StackId, Versions]
    tip: dict[StackId, Versions]


class Reader:
    """Reads blobs of the states by object id, and metadata at the target's tip by name; parses equal bytes once."""

    def __init__(self, git: Git, target: str) -> None:
        self._git = git
        self._target = safe_revision(target)
        self._blobs: dict[str, bytes] = {}
        self._parsed: dict[tuple[str, bytes], Versions] = {}

    def blob(self, entry: Entry) -> bytes:
        """The content of an entry that was fetched, or is now."""
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
            found.before[stack] = self._versions(stack, states.before.get(stack.minor, {}))
            found.after[stack] = self._versions(stack, states.after.get(stack.minor, {}))
            found.tip[stack] = self._parse(stack, tips[stack], None)
        return found

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

    def _versions(self, stack: StackId, folder: dict[str, Entry]) -> Versions:
        metadata, overlay = folder.get(METADATA), folder.get(OVERLAY)
        return self._parse(
            stack, self.blob(metadata) if metadata else None, self.blob(overlay) if overlay else None
        )

    def _parse(self, stack: StackId, metadata: bytes | None, overlay: bytes | None) -> Versions:
        refused: tuple[Finding, ...] = ()
        metadata_path, overlay_path = f"{stack.path}/{METADATA}", f"{stack.path}/{OVERLAY}"
        key = (metadata_path, b"\0".join((metadata or b"", overlay or b"")))
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
