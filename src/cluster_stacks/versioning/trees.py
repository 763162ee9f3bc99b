"""The state before each commit of a history, kept in memory and moved on with every commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from cluster_stacks.model.layout import ROOT_MARKS
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import PROVIDERS, SHARED
from cluster_stacks.repository.effective import Folders
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.log import Commit
from cluster_stacks.repository.paths import ROOT, Family, Place, place_of, root_place
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.versioning.reach import FamilyChange, FamilyStates

Tree = dict[Family, Folders]
"""The files below providers/ of one commit. The folders in it are never changed, only exchanged."""


class Trees(Protocol):
    """Where the state before a commit comes from."""

    def before(self, commit: Commit) -> Tree:
        """The state of its first parent, to be changed into its own."""

    def after(self, commit: Commit, tree: Tree) -> None:
        """Takes the state of a commit."""


class Line:
    """One commit after the other: each one's first parent is the one before it."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._tree: Tree | None = None

    def before(self, commit: Commit) -> Tree:
        if self._tree is None:
            self._tree = _listed(self._git, commit)
        return self._tree

    def after(self, commit: Commit, tree: Tree) -> None:  # noqa: ARG002 — as in Trees
        self._tree = tree


class Graph:
    """Commits in any order that has parents first. `children` says how many come of each as their first parent."""

    def __init__(self, git: Git, children: Mapping[str, int]) -> None:
        self._git = git
        self._left = Counter(children)
        self._trees: dict[str, Tree] = {}

    def before(self, commit: Commit) -> Tree:
        parent = commit.parents[0] if commit.parents else ""
        if parent not in self._trees:
            return _listed(self._git, commit)
        self._left[parent] -= 1
        return dict(self._trees[parent]) if self._left[parent] else self._trees.pop(parent)

    def after(self, commit: Commit, tree: Tree) -> None:
        if self._left[commit.oid]:
            self._trees[commit.oid] = tree


def tree_of(entries: Iterable[Entry]) -> Tree:
    """All files that stand in a family, in their folders."""
    tree: Tree = {}
    for entry in entries:
        place = _place(entry.path)
        if place:
            tree.setdefault(place.family, {}).setdefault(place.folder, {})[place.key] = entry
    return tree


def applied(folders: Folders, changed: FamilyChange) -> Folders:
    """The files of a family after a change; those before stay as they are."""
    after = dict(folders)
    copied: set[str] = set()
    for path, _, new in changed.changes:
        place = _place(path)
        assert place is not None, "what stands in no family is not among its changes"
        _, folder, key = place
        if folder not in copied:
            after[folder] = dict(after.get(folder, {}))
            copied.add(folder)
        if new:
            after[folder][key] = new
        else:
            after[folder].pop(key, None)
    for folder in copied:
        if not after[folder]:
            del after[folder]
    return after


def states_of(changed: FamilyChange, before: Folders, after: Folders) -> FamilyStates:
    """Both states as `check` would list them for a change: whole, or those folders that it touches, and shared/."""
    if changed.prefixes != (changed.family.path,):
        names = (*sorted(changed.folders), SHARED)
        before, after = ({name: side[name] for name in names if name in side} for side in (before, after))
    return FamilyStates(changed.family, seen(before), seen(after))


def seen(folders: Folders) -> Folders:
    """The folders of a family; its root is one only where a file there says that minors are made from it."""
    if ROOT not in folders or not ROOT_MARKS.isdisjoint(folders[ROOT]):
        return folders
    return {name: folder for name, folder in folders.items() if name != ROOT}


def _listed(git: Git, commit: Commit) -> Tree:
    """The state before a commit, read from Git. Raises CannotTell where it is not there."""
    return tree_of(CommitSnapshot(git, commit.parents[0]).entries(PROVIDERS)) if commit.parents else {}


def _place(path: str) -> Place | None:
    place = place_of(path)
    return place if place and place.is_sound else root_place(path)
