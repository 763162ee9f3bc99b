"""With `bump: merge`: the bumps that are due on the branch that changes were merged into.

Not one for each merge but one for all that is not yet in a version: a stack's content is compared with the commit in
which its versions last moved. So it makes no difference whether a run was missed, cancelled or done twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.operations.comparing import reads
from cluster_stacks.repository.changes import diff_commits
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.paths import METADATA, place_of
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.versioning.bump import Edits, edits
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.detect import Detected, detect
from cluster_stacks.versioning.expected import VERSIONED, version_of
from cluster_stacks.versioning.merging import is_left_to_merge, moved

_LOG = (
    "log", "--first-parent", "--diff-merges=first-parent", "--raw", "-z", "--no-abbrev", "--no-renames",
    "--no-ext-diff", "--format=%x01%H %P", "--end-of-options",
)
_PATHS = ("--", f":(top,glob)providers/*/*/*/{METADATA}")


class Due(NamedTuple):
    """The stacks whose versions must move, each with its edits; and what keeps others from being judged."""

    edits: tuple[tuple[StackChange, Edits], ...] = ()
    findings: tuple[Finding, ...] = ()


class Move(NamedTuple):
    """A commit of the branch that changed a metadata.yaml: whether it has no parents, and both blobs ("": none)."""

    commit: str
    is_root: bool
    old: str
    new: str


def due(git: Git, revision: str) -> Due:
    """The bumps that are due at a commit. Raises CannotTell where the history that says so is not in this clone."""
    head = CommitSnapshot(git, git.commit(revision))
    since: dict[str, set[StackId]] = {}
    for stack, commit in _last_moves(git, head):
        since.setdefault(commit, set()).add(stack)
    found: list[tuple[StackChange, Edits]] = []
    findings: list[Finding] = []
    for commit, stacks in since.items():
        detected = _detected(git, commit, head, stacks)
        mine = {str(stack) for stack in stacks}
        findings += [finding for finding in detected.findings if finding.stack in mine]
        found += [(change, edits(change)) for change in detected.changes if change.stack in stacks]
    found.sort(key=lambda item: item[0].stack.sort_key)
    return Due(tuple(item for item in found if item[1]), tuple(findings))


class DueBumps:
    """What is due on the branch that a comparison is for; found when it is first asked for, once for all stacks."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    @cached_property
    def _edits(self) -> dict[StackId, Edits]:
        found = due(self._comparison.head.git, self._comparison.target)
        return {change.stack: versions for change, versions in found.edits}

    def are_made_by(self, change: StackChange) -> bool:
        """Whether a change does nothing but move versions to where `bump --merge` moves them."""
        if not is_left_to_merge(change) or change.changed(Component.CLUSTER_STACK) or not moved(change):
            return False
        made = {component: (old, new) for component, (new, old) in moved(change).items()}
        return self._edits.get(change.stack) == made


def _detected(git: Git, commit: str, head: CommitSnapshot, stacks: set[StackId]) -> Detected:
    """What changed since a commit in the families of stacks."""
    families = {(stack.provider, stack.name) for stack in stacks}
    assert head.commit
    changes = [
        change for change in diff_commits(git, commit, head.commit)
        if (place := place_of(change.path)) and place.family in families
    ]
    return detect(Comparison(head, commit, tuple(changes)), reads)


def _last_moves(git: Git, head: CommitSnapshot) -> Iterator[tuple[StackId, str]]:
    """Each stack of `head` with the commit in which its versions last moved, or it appeared."""
    assert head.commit
    moves: dict[str, list[Move]] = {}
    for path, move in parse_moves(git.run(*_LOG, head.commit, *_PATHS)):
        moves.setdefault(path, []).append(move)
    shallow = git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
    reader = _Versions(git)
    for path, history in moves.items():
        place = place_of(path)
        if not history[0].new or place is None or place.stack is None:
            continue  # it is gone
        last = reader.last_move(place.stack, path, history)
        if last and last.is_root and shallow:
            raise CannotTell(
                f"this clone is shallow and lacks the commit that last moved the versions of {place.stack}: "
                "run `git fetch --unshallow`"
            )
        if last:
            yield place.stack, last.commit


def parse_moves(output: bytes) -> Iterator[tuple[str, Move]]:
    """Path and change from the output of `git log`, newest first."""
    commit, is_root = "", False
    fields = iter(output.split(b"\0"))
    for field in fields:
        text = field.lstrip(b"\n").decode("ascii", "replace")
        if text.startswith("\x01"):
            commit, _, parents = text[1:].partition(" ")
            is_root = not parents
        elif text.startswith(":"):
            _, _, old, new, _ = text.split(" ")
            path = os.fsdecode(next(fields))
            yield path, Move(commit, is_root, _blob(old), _blob(new))


def _blob(oid: str) -> str:
    return oid if oid.strip("0") else ""


class _Versions:
    """Reads versions by blob; what cannot be read has none."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def last_move(self, stack: StackId, path: str, history: Iterable[Move]) -> Move | None:
        """The newest of these commits that changed the versions; None where they cannot be read now.

        A file that was broken in between counts as what it said before.
        """
        current: tuple[Version, ...] | None = None
        candidate: Move | None = None
        for move in history:
            current = current or self._read(stack, path, move.new)
            if current is None:
                return None
            candidate = candidate or move
            if not move.old:
                return candidate
            before = self._read(stack, path, move.old)
            if before is not None and before != current:
                return candidate
            if before == current:
                candidate = None
        return candidate

    def _read(self, stack: StackId, path: str, oid: str) -> tuple[Version, ...] | None:
        item = self._git.batch.read([oid])[0] if oid else None
        if item is None:
            return None
        try:
            metadata: Metadata = parse_metadata(item.data, path, stack)
        except Refused:
            return None
        return tuple(version_of(metadata, component) for component in VERSIONED)
