"""Effective layers: what a minor's folder and the stack's shared folder make together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.layout import MARKS, ROOT_MARKS, Layout, layout_of
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import Entry, SourceFile
from cluster_stacks.model.stack import LAYER_FOLDERS, PROVIDERS, SHARED, StackId
from cluster_stacks.model.stack_source import StackSource, StackState
from cluster_stacks.repository import rules
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.overlay import NOTHING, Overlay, is_removed, parse_overlay, unused_removals
from cluster_stacks.repository.paths import (
    METADATA,
    OVERLAY,
    ROOT,
    Family,
    is_printable,
    leaves_tree,
    place_of,
    root_place,
    shown,
)
from cluster_stacks.repository.snapshot import WALKED, Snapshot

if TYPE_CHECKING:  # nothing of it is loaded where every stack is native
    from cluster_stacks.repository.layouts.said import Said

Folders = dict[str, dict[str, Entry]]
"""The files of one family: folder (a minor or `shared`) → key → entry.

`.` is the family's own folder, where one of upstream's layouts keeps there what it makes every minor from.
"""

_OWN = (METADATA, OVERLAY)


def families(entries: Iterable[Entry]) -> dict[Family, Folders]:
    """Entries sorted into families and folders. What stands in no folder of a stack is left out."""
    found: dict[Family, Folders] = {}
    roots: dict[Family, dict[str, Entry]] = {}
    for entry in entries:
        place = place_of(entry.path)
        if place and place.is_sound:
            found.setdefault(place.family, {}).setdefault(place.folder, {})[place.key] = entry
        elif place := root_place(entry.path):
            roots.setdefault(place.family, {})[place.key] = entry
    for family, root in roots.items():
        if not ROOT_MARKS.isdisjoint(root):
            found.setdefault(family, {})[ROOT] = root
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
    family = Family(stack.provider, stack.name)
    folders = families(snapshot.entries(stack.path, stack.shared_path)).get(family, {})
    if stack.minor not in folders:
        folders = families(snapshot.entries(family.path)).get(family, {})
    return _native(load_state(snapshot, stack, expanded(snapshot, folders)))


def load_stacks(snapshot: Snapshot, stacks: Iterable[StackId]) -> Iterator[StackSource | Refused]:
    """Stacks in the order given, each read when it is asked for; Refused in the place of one that cannot be rendered.

    That is one that cannot be read, and one of a layout that is only checked.
    """
    for state in load_states(snapshot, stacks):
        try:
            yield state if isinstance(state, Refused) else _native(state)
        except Refused as refused:
            yield refused


def load_states(snapshot: Snapshot, stacks: Iterable[StackId]) -> Iterator[StackState | Refused]:
    """Stacks of any layout in the order given, each read when it is asked for; Refused where one cannot be."""
    wanted = [(stack, Family(stack.provider, stack.name)) for stack in stacks]
    paths = {family.path for _, family in wanted}
    entries = snapshot.entries(*(sorted(paths) if len(paths) <= WALKED else [PROVIDERS])) if wanted else []
    every = {family: expanded(snapshot, folders) for family, folders in families(entries).items()}
    for stack, family in wanted:
        try:
            yield load_state(snapshot, stack, every.get(family, {}))
        except Refused as refused:
            yield refused


def load_state(snapshot: Snapshot, stack: StackId, folders: Folders) -> StackState:
    """One stack, where the entries of its family are at hand. Raises Refused."""
    own = folders.get(stack.minor, {})
    told = _told(snapshot, stack, folders)
    if METADATA not in own and told is None:
        raise Refused(metadata_missing(stack))
    heads = {entry.path: data for entry, data in snapshot.read(own[key] for key in _OWN if key in own)}
    metadata_path, overlay_path = f"{stack.path}/{METADATA}", f"{stack.path}/{OVERLAY}"
    metadata = parse_metadata(heads[metadata_path], metadata_path, stack) if metadata_path in heads else None
    overlay = parse_overlay(heads[overlay_path], overlay_path, stack) if OVERLAY in own else NOTHING
    entries = fit_entries(stack, folders, overlay)
    contents = {entry.oid: data for entry, data in snapshot.read(entries.values())}
    return assembled(stack, metadata, overlay, entries, contents, told, shared=SHARED in folders)


def expanded(snapshot: Snapshot, folders: Folders) -> Folders:
    """The folders of a family, with those of the minors that its root is the source of."""
    return expanded_told(snapshot, folders)[0]


def expanded_told(snapshot: Snapshot, folders: Folders) -> tuple[Folders, tuple[Finding, ...]]:
    """The same, and what is wrong with the root."""
    if ROOT not in folders:
        return folders, ()
    from cluster_stacks.repository.layouts import expand

    return expand(folders, partial(_read, snapshot))


def _told(snapshot: Snapshot, stack: StackId, folders: Folders) -> Said | None:
    """What a stack of one of upstream's layouts says besides metadata.yaml; None for a native one."""
    own = folders.get(stack.minor, {})
    if SHARED in folders or own.keys().isdisjoint(MARKS):
        return None
    from cluster_stacks.repository.layouts import said

    return said(stack, own, partial(_read, snapshot))


def _read(snapshot: Snapshot, entry: Entry) -> bytes:
    ((_, data),) = snapshot.read([entry])
    return data


def _native(state: StackState) -> StackSource:
    if isinstance(state, StackSource):
        return state
    message = (
        f"the layout of {state.stack} ({state.layout}) is read by changes, check and history; to render, move to the "
        "native layout: docs/layouts.md"
    )
    path = next((file.path for key, file in state.files.items() if key in MARKS), state.stack.path)
    raise rules.refused(rules.NOT_RENDERED, message, path, stack=state.stack)


def fit_entries(stack: StackId, folders: Folders, overlay: Overlay) -> dict[str, Entry]:
    """The effective files of a stack. Raises Refused where its overlay does not fit, or a layer cannot hold one."""
    entries = effective_entries(folders, stack.minor, overlay.remove)
    path = f"{stack.path}/{OVERLAY}"
    findings = [*unused_removals(overlay, folders.get(SHARED, {}), path, stack), *unfit(entries, stack)]
    if findings:
        raise Refused(*findings)
    return entries


def assembled(
    stack: StackId, metadata: Metadata | None, overlay: Overlay, entries: Mapping[str, Entry],
    contents: Mapping[str, bytes], told: Said | None = None, *, shared: bool = False,
) -> StackState:
    """A stack from what was read of it; `contents` by object id. Raises Refused for links that leave the repository.

    `told` is what a stack of one of upstream's layouts says besides metadata.yaml; `shared`: whether its family has a
    shared folder, which only native ones have.
    """
    links = [entry for entry in entries.values() if entry.is_symlink]
    findings = [finding for entry in links for finding in link_findings(entry, contents[entry.oid], stack)]
    if findings:
        raise Refused(*findings)
    files = {key: SourceFile(entry.path, entry.mode, contents[entry.oid]) for key, entry in entries.items()}
    layout = _layout(metadata, entries, told, shared=shared or overlay is not NOTHING)
    if layout is Layout.NATIVE:
        if metadata is None:
            raise Refused(metadata_missing(stack))
        return StackSource(stack, metadata, files, overlay.vars)
    return StackState(
        stack, metadata, files, told.vars if told else overlay.vars, layout, told.kubernetes if told else None
    )


def _layout(metadata: Metadata | None, entries: Mapping[str, Entry], told: Said | None, *, shared: bool) -> Layout:
    if metadata and not metadata.patch_known:
        return Layout.FLAT
    return told.layout if told else layout_of(entries, shared=shared)


def metadata_missing(stack: StackId) -> Finding:
    """The finding for a stack without metadata.yaml."""
    message = f"the stack {stack} has no metadata.yaml: add one, or remove the folder"
    return rules.finding(rules.METADATA_MISSING, message, stack.metadata_path, stack=stack)


def unfit(entries: dict[str, Entry], stack: StackId) -> list[Finding]:
    """What of these entries no layer can hold: submodules, names that cannot be written, links to a whole layer."""
    found = []
    for key, entry in entries.items():
        if entry.is_symlink and key in LAYER_FOLDERS:
            message = f"a symbolic link stands in the place of {key}: links are not followed, make it a folder"
            found.append(rules.finding(rules.LINK, message, entry.path, stack=stack))
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

