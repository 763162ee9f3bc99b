"""What a merge in progress will make of some folders, path by path, before git has written it anywhere."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from cluster_stacks.model.source import Entry
from cluster_stacks.repository.changes import RawChange
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot, IndexSnapshot

Entries = Mapping[str, Entry]


class MergedSnapshot(IndexSnapshot):
    """The files of a merge, as far as whole files tell: one that both sides edited is that of one side."""

    label = "the merge"

    def __init__(self, git: Git, entries: Entries) -> None:
        super().__init__(git)
        self._entries = entries

    def entries(self, *prefixes: str) -> list[Entry]:
        wanted = tuple(f"{prefix.rstrip('/')}/" for prefix in prefixes if prefix)
        chosen = [e for e in self._entries.values() if not wanted or f"{e.path}/".startswith(wanted)]
        return sorted(chosen, key=lambda entry: entry.path)


def merge_entries(base: Entries, ours: Entries, theirs: Entries, since: Entries) -> dict[str, Entry]:
    """The files of a merge: of the side that changed them; where both did, of one that differs from `since`."""
    found: dict[str, Entry] = {}
    for path in base.keys() | ours.keys() | theirs.keys():
        before, mine, other = base.get(path), ours.get(path), theirs.get(path)
        if mine == other or other == before:
            chosen = mine
        elif mine == before:
            chosen = other
        else:
            chosen = mine if mine != since.get(path) and mine is not None else other or mine
        if chosen is not None:
            found[path] = chosen
    return found


def changes_between(before: Entries, after: Entries) -> tuple[RawChange, ...]:
    """The paths that differ, in order."""
    paths = sorted(before.keys() | after.keys())
    return tuple(
        RawChange(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    )


def entries_of(git: Git, revision: str | None, *prefixes: str) -> dict[str, Entry]:
    """The files of a commit below these folders, by their paths; none where there is no commit."""
    found = CommitSnapshot(git, revision).entries(*prefixes) if revision else []
    return {entry.path: entry for entry in found}


def merge_bases(git: Git, commits: Sequence[str]) -> list[str]:
    """All best common ancestors of two commits."""
    return os.fsdecode(git.run("merge-base", "--all", *commits, ok=(0, 1))).split()
