"""The loop of a publish: read the tip, compose, commit, compare and swap; again where somebody else was faster."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.publishing.commit import commit_tree, write_tree
from cluster_stacks.publishing.compose import Composition, Wanted, compose, require_ours
from cluster_stacks.publishing.dry import is_outdated, note_unchanged
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.source import commit_message
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.publishing.tips import Target, Tip, find_tip, follow, move
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.repository.git import Git

ATTEMPTS = 6
_PAUSE = 0.2
"""Seconds before the second attempt, doubled for each further one; half of it by chance, so that two do not dance."""

Supply = Callable[[Branch, ObjectWriter], Sequence[StagedRelease]]
"""Gives the releases that a branch lacks. It is asked at each attempt, and renders nothing twice."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publish did to the branch, or would do with `dry_run`.

    `commit` is the new tip, None where nothing was committed; `before` the tip that it follows. `pushed` is whether
    the remote has it. `outdated`: the branch was already made from a descendant of the source.
    """

    branch: Branch
    composition: Composition
    commit: str | None = None
    pushed: bool = False
    outdated: bool = False
    notes: tuple[str, ...] = ()

    @property
    def before(self) -> str | None:
        return self.branch.commit


def run(git: Git, target: Target, wanted: Wanted, supply: Supply, *, dry_run: bool = False) -> Outcome:
    """Publishes once. Raises Refused for what must not be published, CannotTell where the branch cannot be moved.

    Whatever interrupts it, readers see the old branch or the new one.
    """
    writer = ObjectWriter(git, dry=dry_run)
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE * 2 ** (attempt - 1) * (0.5 + random.random() / 2))  # noqa: S311 — no secret
        tip = find_tip(git, target)
        branch = read_branch(git, tip.commit)
        require_ours(branch)
        if is_outdated(git, branch, wanted.source, target):
            return Outcome(branch, Composition({}), outdated=True)
        composition = compose(branch, replace(wanted, releases=supply(branch, writer)), writer)
        if dry_run:
            return Outcome(branch, composition)
        outcome = _place(git, target, tip, branch, composition, wanted, writer)
        if outcome is not None:
            return outcome
    raise CannotTell(f"{target.branch} was moved by others {ATTEMPTS} times in a row: publish again")


def _place(
    git: Git, target: Target, tip: Tip, branch: Branch, composition: Composition, wanted: Wanted, writer: ObjectWriter
) -> Outcome | None:
    """Commits and moves the branch; None where the tip is no longer what was built on."""
    if not composition.changes:
        return _unchanged(git, target, tip, branch, composition, wanted)
    writer.flush()
    tree = write_tree(git, tip.commit, composition.changes)
    commit = commit_tree(git, tree, tip.commit, commit_message(wanted.source, wanted.repository_url))
    if not move(git, target, tip, commit):
        return None
    return Outcome(branch, composition, commit, target.push, notes=_diverged(git, target, commit))


def _unchanged(
    git: Git, target: Target, tip: Tip, branch: Branch, composition: Composition, wanted: Wanted
) -> Outcome | None:
    """Nothing to commit. What was published here alone before is pushed now, and the note tells of the source."""
    pushed = False
    if tip.commit is not None and tip.commit != (tip.remote if target.push else tip.local):
        if not move(git, target, tip, tip.commit):
            return None
        pushed = target.push
    elif target.push and tip.commit is not None:
        follow(git, target, tip.local, tip.commit)
    noted = note_unchanged(git, branch, wanted.source, target)
    problem = (f"the note for promotion tools was not written: {noted.problem}",) if noted.problem else ()
    return Outcome(branch, composition, pushed=pushed, notes=problem + _diverged(git, target, tip.commit))


def _diverged(git: Git, target: Target, commit: str | None) -> tuple[str, ...]:
    here = git.find_commit(target.ref) if target.push else commit
    if here == commit:
        return ()
    return (f"{target.branch} in this clone differs from the remote's and was left as it is",)
