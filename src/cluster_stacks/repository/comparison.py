"""A proposed state and what it changes: the question that `changes`, `check` and `bump` start from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.stack import SETTINGS_PATH
from cluster_stacks.repository.base import Base, find_base
from cluster_stacks.repository.changes import RawChange, diff_commits, diff_index, merge_base
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.paths import Place, in_root, place_of
from cluster_stacks.repository.snapshot import CommitSnapshot, IndexSnapshot, Snapshot, WorktreeSnapshot

NAMED = "named by --base"
HEAD = Base("HEAD", "the commit that this is made on: no branch is known that it will be merged into")
NOTHING_STAGED = Base("HEAD", "nothing is staged")


class NoBase(CannotTell):
    """Nobody named a base, and none is found."""

    def __init__(self) -> None:
        super().__init__(
            "nothing says what to compare with: name the branch that this will be merged into with --base, or say "
            "`--base HEAD^` for the last commit alone"
        )


class Comparison(NamedTuple):
    """`changes` lead to `head`; the versions at the tip of `target` say what the new versions must be.

    `base` says since when, and why; `bump` holds the options of the `bump` that answers the same question.
    """

    head: Snapshot
    target: str
    changes: tuple[RawChange, ...]
    base: Base = HEAD
    bump: str = ""

    @property
    def start(self) -> str | None:
        """The commit that the changes are counted from; None on an unborn branch. Asks git."""
        git, base = self.head.git, self.base
        if base.exact or base.ref == "HEAD":
            return git.find_commit(base.ref)
        if self.head.commit is None:
            return merge_base(git, base.ref)
        return git.run("merge-base", git.commit(base.ref), self.head.commit).decode().split()[0]

    @property
    def shown(self) -> str:
        """The target, as people call it."""
        return self.base.name if self.base.name and self.target in (self.base.ref, self.base.target) else self.target


def compare_commits(git: Git, base: Base | str | None, head: str | None, target: str | None = None) -> Comparison:
    """From `base` (None: found by itself) to `head` (None: HEAD): from their merge base, unless the base is exact.

    Raises CannotTell where no base can be found, or git does not have what it takes.
    """
    head = head or "HEAD"
    found = _base(git, base, head)
    if found is None:
        raise NoBase
    changes = diff_commits(git, found.ref, head, exact=found.exact)
    return Comparison(CommitSnapshot(git, head), target or found.target or found.ref, tuple(changes), found)


def compare_nothing(git: Git, head: str | None) -> Comparison:
    """A commit (None: HEAD) as it stands, where there is nothing that it could be compared with."""
    head = head or "HEAD"
    base = Base(head, "nothing says what to compare with, so only the state is judged")
    return Comparison(CommitSnapshot(git, git.commit(head)), head, (), base)


def compare_staged(git: Git, base: Base | str | None, target: str | None = None) -> Comparison:
    """To the index.

    Without `base`, only stacks that differ from HEAD are looked at, and nothing more is asked where none does. These
    are compared with the merge base of HEAD and the branch that it will be merged into, as a reviewer will, so that a
    branch is bumped once, not at each commit; where there is no such branch, with HEAD.
    """
    if base is not None:
        return _since(IndexSnapshot(git), _base(git, base), target)
    changes = diff_index(git)
    _need_index(git, changes)
    if not changes:
        return Comparison(IndexSnapshot(git), target or "HEAD", (), NOTHING_STAGED)
    found = find_base(git)
    if found is None:
        return Comparison(IndexSnapshot(git), target or "HEAD", tuple(changes))
    touched = {place.family for change in changes if (place := _place(change.path))}
    since = _since(IndexSnapshot(git), found, target)
    staged = {change.path for change in changes}
    kept = [change for change in since.changes if (place := _place(change.path)) and place.family in touched]
    kept += [change for change in since.changes if change.path == SETTINGS_PATH and change.path in staged]
    return since._replace(changes=tuple(kept))


def _need_index(git: Git, changes: Sequence[RawChange]) -> None:
    """Raises CannotTell where everything is gone because there is no index to begin with."""
    if changes and all(change.new is None for change in changes) and git.top is None:
        raise CannotTell("a bare repository has no index: name a commit with --head")


def _place(path: str) -> Place | None:
    return place_of(path) or in_root(path)


def compare_worktree(git: Git, base: Base | str | None, target: str | None = None) -> Comparison:
    """To the work tree, from the merge base of HEAD and `base` (None: found by itself; where there is none, HEAD)."""
    snapshot = WorktreeSnapshot(git)
    found = _base(git, base)
    if found is None:
        return Comparison(snapshot, target or "HEAD", tuple(diff_index(snapshot.git)))
    return _since(snapshot, found, target)


def _base(git: Git, base: Base | str | None, head: str = "HEAD") -> Base | None:
    return Base(base, NAMED) if isinstance(base, str) else base or find_base(git, head)


def _since(snapshot: IndexSnapshot, base: Base | None, target: str | None) -> Comparison:
    assert base is not None, "a base that is named is there"
    git = snapshot.git
    changes = diff_index(git, git.commit(base.ref) if base.exact else merge_base(git, base.ref))
    return Comparison(snapshot, target or base.target or base.ref, tuple(changes), base)
