"""States of the repository that can be read alike: a commit, the index, the work tree."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Protocol

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.source import Entry
from cluster_stacks.repository.batch import LACKING, LARGEST, GitObject
from cluster_stacks.repository.git import Git, safe_revision
from cluster_stacks.repository.trees import walk

_CHUNK = 128
WALKED = 100
"""So many folders are walked through the process that reads objects; for more, listing all at once is faster."""


class Snapshot(Protocol):
    """One state of the repository. Entries are those of Git: a symbolic link is its target's text, never followed."""

    git: Git

    @property
    def label(self) -> str:
        """What to call it in a message: a revision, `the index`, `the work tree`."""

    @property
    def commit(self) -> str | None:
        """The full id of the commit, where it is one."""

    def entries(self, *prefixes: str) -> list[Entry]:
        """The files at or below each of `prefixes` (none: all), sorted by path."""

    def read(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """The content of `entries`, in their order, some at a time. Raises Refused for one that is too large."""


class _Blobs:
    """Reading by object id, the same for every kind of snapshot."""

    def __init__(self, git: Git) -> None:
        self.git = git

    def read(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        todo = list(entries)
        for start in range(0, len(todo), _CHUNK):
            chunk = todo[start : start + _CHUNK]
            found = self.git.batch.read([entry.oid for entry in chunk])
            for entry, item in zip(chunk, found, strict=True):
                yield entry, content(entry, item)

    def close(self) -> None:
        """Ends what runs in the background. The snapshot can be used again."""
        self.git.close()


class CommitSnapshot(_Blobs):
    """A commit, by any revision that names one."""

    def __init__(self, git: Git, revision: str = "HEAD") -> None:
        super().__init__(git)
        self.revision = safe_revision(revision)

    @property
    def label(self) -> str:
        return self.revision

    @cached_property
    def commit(self) -> str | None:
        """Raises CannotTell where the revision names none."""
        return self.git.commit(self.revision)

    def entries(self, *prefixes: str) -> list[Entry]:
        revision = self.__dict__.get("commit", self.revision)
        paths = [prefix.rstrip("/") for prefix in prefixes if prefix]
        if 0 < len(paths) <= WALKED:
            found = walk(self.git.batch, revision, paths)
            if found is not None:
                return _sorted(found)
        done = self.git.complete("ls-tree", "-r", "-z", "--full-tree", revision, "--", *paths, ok=(0, 128))
        if done.code:
            assert self.commit, "a revision that names no commit has raised"
            raise CannotTell(f"git cannot list {self.revision}: run `git fsck`")
        return _sorted(_tree_entry(line) for line in done.stdout.split(b"\0") if line)


class IndexSnapshot(_Blobs):
    """What is staged: the index that git names, which in a hook may be another than the repository's own."""

    label = "the index"
    commit: str | None = None

    def entries(self, *prefixes: str) -> list[Entry]:
        paths = [f":(top,literal){prefix.rstrip('/')}" for prefix in prefixes if prefix] or [":(top)"]
        output = self.git.run("ls-files", "--stage", "-z", "--full-name", "--", *paths)
        return _sorted(_index_entry(line) for line in output.split(b"\0") if line)


class WorktreeSnapshot(IndexSnapshot):
    """The files on disk as `git add --all` would stage them, in an index of its own: nothing of the user's changes.

    Files that are not ignored count, tracked or not; filters and line-end conversion apply as they would in a commit.
    """

    label = "the work tree"

    def __init__(self, git: Git) -> None:
        from cluster_stacks.repository.worktree import staged_worktree

        super().__init__(staged_worktree(git))


def read_path(snapshot: Snapshot, path: str) -> bytes | None:
    """The bytes of one file; None where the snapshot has no file of that path, or it cannot be read."""
    entries = [entry for entry in snapshot.entries(path) if entry.path == path and not entry.is_submodule]
    try:
        return next((data for _, data in snapshot.read(entries)), None)
    except (CannotTell, Refused):
        return None


def content(entry: Entry, item: GitObject | None) -> bytes:
    """The bytes of the blob read for `entry`. Raises Refused where it is too large, CannotTell where it is missing."""
    if item is None:
        raise CannotTell(f"the content of {entry.path} is not in this repository: {LACKING}")
    if item.too_large:
        message = f"the file has {item.size >> 20} MiB, more than {LARGEST >> 20}: keep it out of Git and name its URL"
        from cluster_stacks.repository import rules

        raise rules.refused(rules.TOO_LARGE, message, entry.path)
    return item.data


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.path)


def _tree_entry(line: bytes) -> Entry:
    head, _, path = line.partition(b"\t")
    mode, _, oid = head.split(b" ")
    return Entry(os.fsdecode(path), mode.decode(), oid.decode())


def _index_entry(line: bytes) -> Entry:
    head, _, path = line.partition(b"\t")
    mode, oid, stage = head.split(b" ")
    if stage != b"0":
        raise CannotTell(f"the index has an unresolved merge at {os.fsdecode(path)}: resolve it, then `git add` it")
    return Entry(os.fsdecode(path), mode.decode(), oid.decode())
