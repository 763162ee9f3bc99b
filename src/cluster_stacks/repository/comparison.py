"""A proposed state and what it changes: the question that `changes`, `check` and `bump` start from."""

from __future__ import annotations

from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.base import default_base
from cluster_stacks.repository.changes import RawChange, diff_commits, diff_index, merge_base
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.paths import place_of
from cluster_stacks.repository.snapshot import CommitSnapshot, IndexSnapshot, Snapshot, WorktreeSnapshot


class Comparison(NamedTuple):
    """`changes` lead to `head`; the versions at the tip of `target` say what the new versions must be."""

    head: Snapshot
    target: str
    changes: tuple[RawChange, ...]


def compare_commits(git: Git, base: str | None, head: str | None, target: str | None = None) -> Comparison:
    """From the merge base of `base` (None: found by itself) and `head` (None: HEAD) to `head`.

    Raises CannotTell where no base can be found, or git does not have what it takes.
    """
    head = head or "HEAD"
    base = base or default_base(git, head)
    if base is None:
        raise CannotTell("nothing says what to compare with: name the branch that this will be merged into with --base")
    return Comparison(CommitSnapshot(git, head), target or base, tuple(diff_commits(git, base, head)))


def compare_staged(git: Git, base: str | None, target: str | None = None) -> Comparison:
    """To the index.

    Without `base`, only stacks that differ from HEAD are looked at, and nothing more is asked where none does. These
    are compared with the merge base of HEAD and the branch that it will be merged into, as a reviewer will, so that a
    branch is bumped once, not at each commit; where there is no such branch, with HEAD.
    """
    if base is not None:
        return _since(IndexSnapshot(git), base, target)
    changes = diff_index(git)
    found = default_base(git) if changes else None
    if found is None:
        return Comparison(IndexSnapshot(git), target or "HEAD", tuple(changes))
    touched = {place.family for change in changes if (place := place_of(change.path))}
    since = _since(IndexSnapshot(git), found, target)
    kept = tuple(change for change in since.changes if (place := place_of(change.path)) and place.family in touched)
    return Comparison(since.head, since.target, kept)


def compare_worktree(git: Git, base: str | None, target: str | None = None) -> Comparison:
    """To the work tree, from the merge base of HEAD and `base` (None: found by itself; where there is none, HEAD)."""
    snapshot = WorktreeSnapshot(git)
    base = base or default_base(git)
    if base is None:
        return Comparison(snapshot, target or "HEAD", tuple(diff_index(snapshot.git)))
    return _since(snapshot, base, target)


def _since(snapshot: IndexSnapshot, base: str, target: str | None) -> Comparison:
    changes = diff_index(snapshot.git, merge_base(snapshot.git, base))
    return Comparison(snapshot, target or base, tuple(changes))
