"""Recognises the commits that nearly all of a history are: plain edits of plain files, with versions that moved.

Such an edit has a shape: which layers it touched and by how much each version moved. The first commit of every shape is
judged by the rules; where they say nothing, they say nothing of the next one of that shape either. What detection or a
rule looks at besides is no plain edit: new and removed files, modes, links, addon.yaml, overlays, images that a class
names, other Kubernetes versions, pre-releases, other layouts. Whoever makes them look at more adds it here;
tests/operations/test_history_is_check.py holds both against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from cluster_stacks.model.layout import MARKS, ROOT_MARKS
from cluster_stacks.model.metadata import LAYER_COMPONENT, Component, Metadata
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import SHARED, Layer, StackId, layer_of
from cluster_stacks.releases.digest import content
from cluster_stacks.repository.effective import Folders
from cluster_stacks.repository.log import Commit
from cluster_stacks.repository.paths import METADATA, OVERLAY, ROOT, Family, place_of
from cluster_stacks.versioning.heads import Heads
from cluster_stacks.versioning.trees import Tree

_FILE = "100644"
_STACK = Component.CLUSTER_STACK
_SPECIAL = frozenset({"addon.yaml", "clusteraddon.yaml", "kustomization.yaml", OVERLAY})

Shape = tuple[frozenset[Component], int, int, int]
"""The components whose content changed, and by how much clusterStack, clusterAddon and nodeImage moved."""


class PlainEdit(NamedTuple):
    """What a plain commit did to one stack."""

    stack: StackId
    before: Metadata
    after: Metadata
    shape: Shape


class PlainCommit(NamedTuple):
    """A plain commit: its family, what it did to each stack, in order, and its files by folder and key."""

    family: Family
    edits: list[PlainEdit]
    files: list[tuple[str, str, Entry]]

    def apply(self, tree: Tree) -> None:
        """Moves the state on over it: no file is added or removed."""
        folders = tree[self.family] = dict(tree[self.family])
        copied: set[str] = set()
        for folder, key, new in self.files:
            if folder not in copied:
                folders[folder] = dict(folders[folder])
                copied.add(folder)
            folders[folder][key] = new


class _Spot(NamedTuple):
    """Where a file stands, and the layer that it belongs to; None for metadata.yaml."""

    family: Family
    folder: str
    key: str
    layer: Layer | None
    is_chart: bool = False


def plain_commit(commit: Commit, tree: Tree, heads: Heads) -> PlainCommit | None:
    """A commit that is a plain edit in one family; None where it is anything else. `tree` is the state before it."""
    family: Family | None = None
    touched: dict[str, dict[str, Layer | None]] = {}
    metadata: dict[str, Entry] = {}
    files = []
    for path, old, new in commit.changes:
        spot = _spot(path)
        if spot is None or old is None or new is None or old.mode != _FILE or new.mode != _FILE:
            return None
        place, folder, key, layer, is_chart = spot
        if family is None:
            family = place
        elif family != place:
            return None
        if layer is Layer.CLUSTER_CLASS and (heads.may_name_image(old) or heads.may_name_image(new)):
            return None
        if is_chart and content(key, heads.blob(old)) == content(key, heads.blob(new)):
            layer = None
        touched.setdefault(folder, {})[key] = layer
        if key == METADATA:
            metadata[folder] = new
        files.append((folder, key, new))
    if family is None:
        return None
    folders = tree.get(family, {})
    if ROOT in folders and not ROOT_MARKS.isdisjoint(folders[ROOT]):
        return None
    minors = sorted(folders.keys() - {SHARED, ROOT}) if SHARED in touched else sorted(touched)
    edits = _edits(family, minors, folders, touched, metadata, heads)
    return None if edits is None else PlainCommit(family, edits, files)


def _edits(
    family: Family, minors: list[str], folders: Folders, touched: Mapping[str, Mapping[str, Layer | None]],
    new_metadata: Mapping[str, Entry], heads: Heads,
) -> list[PlainEdit] | None:
    found = []
    shared = touched.get(SHARED, {})
    for minor in minors:
        own = folders.get(minor, {})
        metadata = own.get(METADATA)
        if metadata is None or metadata.mode != _FILE or OVERLAY in own or not MARKS.isdisjoint(own):
            return None
        layers = set(touched[minor].values()) if minor in touched else set()
        if shared:
            layers.update(layer for key, layer in shared.items() if key not in own)
        layers.discard(None)
        if not layers and minor not in new_metadata:
            continue
        stack = family.stack(minor)
        before, after = heads.plain(stack, metadata), heads.plain(stack, new_metadata.get(minor, metadata))
        if before is None or after is None or before.kubernetes is not after.kubernetes:
            return None
        found.append(PlainEdit(stack, before, after, _shape(frozenset(layers), before, after)))
    return found


def _shape(layers: frozenset[Layer | None], before: Metadata, after: Metadata) -> Shape:
    return (
        _components(layers),
        after.cluster_stack.major - before.cluster_stack.major,
        after.cluster_addon.major - before.cluster_addon.major,
        after.node_image.major - before.node_image.major,
    )


@lru_cache(None)
def _components(layers: frozenset[Layer | None]) -> frozenset[Component]:
    return frozenset({_STACK} | {LAYER_COMPONENT[layer] for layer in layers if layer}) if layers else frozenset()


@lru_cache(2**16)
def _spot(path: str) -> _Spot | None:
    """The place of a file that a plain edit may change."""
    place = place_of(path)
    if place is None or not place.is_sound:
        return None
    family, folder, key = place
    if key == METADATA and folder != SHARED:
        return _Spot(family, folder, key, None)
    layer = layer_of(key)
    name = key.rpartition("/")[2]
    if layer is None or "/" not in key or name in _SPECIAL:
        return None
    return _Spot(family, folder, key, layer, name == "Chart.yaml")
