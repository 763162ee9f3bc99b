"""Effective layers: what a minor's folder and the stack's shared folder make together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import Entry, SourceFile
from cluster_stacks.model.stack import PROVIDERS, SHARED, StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.repository import rules
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.overlay import NOTHING, Overlay, is_removed, parse_overlay, unused_removals
from cluster_stacks.repository.paths import METADATA, OVERLAY, Family, is_printable, leaves_tree, place_of, shown
from cluster_stacks.repository.snapshot import Snapshot

Folders = dict[str, dict[str, Entry]]
"""The files of one family: folder (a minor or `shared`) → key → entry."""

_OWN = (METADATA, OVERLAY)


def families(entries: Iterable[Entry]) -> dict[Family, Folders]:
    """Entries sorted into families and folders. What stands in no folder of a stack is left out."""
    found: dict[Family, Folders] = {}
    for entry in entries:
        place = place_of(entry.path)
        if place and place.is_sound:
            found.setdefault(place.family, {}).setdefault(place.folder, {})[place.key] = entry
    return found


def effective_entries(folders: Folders, minor: str, remove: Sequence[str]) -> dict[str, Entry]:
    """The files of a minor by key: those of shared/ that `remove` does not name, overlaid by its own. Sorted.

    metadata.yaml and overlay.yaml are not among them: they say what the files mean, and are none.
    """
    shared = {key: entry for key, entry in folders.get(SHARED, {}).items() if not is_removed(key, remove)}
    files = shared | folders.get(minor, {})
    return {key: files[key] for key in sorted(files) if key not in _OWN}


def load_stack(snapshot: Snapshot, stack: StackId) -> StackSource:
    """One stack, whole. Raises Refused with all that is wrong with its metadata, its overlay or its files."""
    folders = families(snapshot.entries(stack.path, stack.shared_path)).get(Family(stack.provider, stack.name), {})
    return load_from(snapshot, stack, folders)


def load_stacks(snapshot: Snapshot, stacks: Iterable[StackId]) -> Iterator[StackSource | Refused]:
    """Stacks in the order given, each read when it is asked for; Refused in the place of one that cannot be."""
    every = families(snapshot.entries(PROVIDERS))
    for stack in stacks:
        try:
            yield load_from(snapshot, stack, every.get(Family(stack.provider, stack.name), {}))
        except Refused as refused:
            yield refused


def load_from(snapshot: Snapshot, stack: StackId, folders: Folders) -> StackSource:
    """As load_stack, where the entries of its family are at hand."""
    own = folders.get(stack.minor, {})
    if METADATA not in own:
        raise Refused(metadata_missing(stack))
    heads = {entry.path: data for entry, data in snapshot.read(own[key] for key in _OWN if key in own)}
    metadata_path, overlay_path = f"{stack.path}/{METADATA}", f"{stack.path}/{OVERLAY}"
    metadata = parse_metadata(heads[metadata_path], metadata_path, stack)
    overlay = parse_overlay(heads[overlay_path], overlay_path, stack) if OVERLAY in own else NOTHING
    entries = fit_entries(stack, folders, overlay)
    contents = {entry.oid: data for entry, data in snapshot.read(entries.values())}
    return assembled(stack, metadata, overlay, entries, contents)


def fit_entries(stack: StackId, folders: Folders, overlay: Overlay) -> dict[str, Entry]:
    """The effective files of a stack. Raises Refused where its overlay does not fit, or a layer cannot hold one."""
    entries = effective_entries(folders, stack.minor, overlay.remove)
    path = f"{stack.path}/{OVERLAY}"
    findings = [*unused_removals(overlay, folders.get(SHARED, {}), path, stack), *unfit(entries, stack)]
    if findings:
        raise Refused(*findings)
    return entries


def assembled(
    stack: StackId, metadata: Metadata, overlay: Overlay, entries: Mapping[str, Entry], contents: Mapping[str, bytes]
) -> StackSource:
    """A stack from what was read of it; `contents` by object id. Raises Refused for links that leave the repository."""
    links = [entry for entry in entries.values() if entry.is_symlink]
    findings = [finding for entry in links for finding in link_findings(entry, contents[entry.oid], stack)]
    if findings:
        raise Refused(*findings)
    files = {key: SourceFile(entry.path, entry.mode, contents[entry.oid]) for key, entry in entries.items()}
    return StackSource(stack, metadata, files, overlay.vars)


def metadata_missing(stack: StackId) -> Finding:
    """The finding for a stack without metadata.yaml."""
    message = f"the stack {stack} has no metadata.yaml: add one, or remove the folder"
    return rules.finding(rules.METADATA_MISSING, message, stack.metadata_path, stack=stack)


def unfit(entries: dict[str, Entry], stack: StackId) -> list[Finding]:
    """What of these entries no layer can hold: submodules, and names that cannot be written."""
    found = []
    for entry in entries.values():
        if entry.is_submodule:
            message = "a submodule stands in a layer: copy its files in, they are not part of this commit"
            found.append(rules.finding(rules.SUBMODULE, message, entry.path, stack=stack))
        if not is_printable(entry.path):
            message = f"the name {shown(entry.path)} has control characters or is no UTF-8: rename the file"
            found.append(rules.finding(rules.FILE_NAME, message, entry.path, stack=stack))
    return found


def link_findings(entry: Entry, target: bytes, stack: StackId) -> list[Finding]:
    """What is wrong with a symbolic link; where it points inside the repository, its text is its content."""
    text = target.decode("utf-8", "surrogateescape")
    if not leaves_tree(entry.path, text):
        return []
    message = f"the symbolic link points to {shown(text)}, out of the repository: make it a file"
    return [rules.finding(rules.LINK, message, entry.path, stack=stack)]

