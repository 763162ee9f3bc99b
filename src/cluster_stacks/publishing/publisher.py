"""The loop of a publish: read the tip, compose, commit, compare and swap; again where somebody else was faster."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.publishing.commit import WriteTree, commit_tree, tree_writer
from cluster_stacks.publishing.compose import Composition, Wanted, compose
from cluster_stacks.publishing.dry import newer_source, note_unchanged
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.ownership import require_no_source, require_ours
from cluster_stacks.publishing.source import commit_message, read_source
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.publishing.tips import Target, Tip, find_tip, follow, move
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.remote import Busy

ATTEMPTS = 100
"""How often the branch may be moved by others before a publish gives up; and `PATIENCE`, for how many seconds."""
PATIENCE = 300.0
_FEWEST = 6
"""Attempts that are made even where each takes so long that patience ends."""
_PAUSE, _LONGEST_PAUSE = 0.1, 3.0
"""Seconds: the bound of the first pause, doubled for each further one, and the last bound. Chance picks below it."""

Supply = Callable[[Branch, ObjectWriter], Sequence[StagedRelease]]
"""Gives the releases that a branch lacks. It is asked at each attempt, and renders nothing twice."""

Prepare = Callable[[Branch, Wanted], Wanted]
"""Fits what is wanted to the tip, at each attempt: what becomes of a release depends on what became of it before."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publish did to the branch, or would do with `dry_run`.

    `commit` is the new tip, None where nothing was committed; `before` the tip that it follows. `pushed` is whether
    the remote has it. `outdated`: the branch was already made from a descendant of the source, so that only releases
    which it lacked were added.
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

    @property
    def paths(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """The paths of the branch that are added, changed and removed, each sorted."""
        changes, had = self.composition.changes, self.branch.entries
        return (
            tuple(sorted(path for path, oid in changes.items() if oid and path not in had)),
            tuple(sorted(path for path, oid in changes.items() if oid and path in had)),
            tuple(sorted(path for path, oid in changes.items() if oid is None)),
        )


def run(
    git: Git, target: Target, wanted: Wanted, supply: Supply, *, dry_run: bool = False, prepare: Prepare | None = None
) -> Outcome:
    """Publishes once. Raises Refused for what must not be published, CannotTell where the branch cannot be moved.

    Whatever interrupts it, readers see the old branch or the new one.
    """
    writer = ObjectWriter(git, dry=dry_run)
    race = _Race(target.branch)
    while True:
        try:
            outcome = _attempt(git, target, wanted, supply, writer, prepare, dry_run=dry_run)
        except Busy as busy:
            race.lost(busy)
            continue
        if outcome is not None:
            return outcome
        race.lost()


class _Race:
    """How often others were faster, and for how long."""

    def __init__(self, branch: str) -> None:
        self._branch = branch
        self._losses = 0
        self._since = 0.0

    def lost(self, busy: Busy | None = None) -> None:
        """Pauses before the next attempt. Raises CannotTell (or `busy`) where there were enough."""
        now = time.monotonic()
        self._since = self._since or now
        self._losses += 1
        if self._losses >= ATTEMPTS or (self._losses >= _FEWEST and now - self._since > PATIENCE):
            times = f"{self._losses} times in a row"
            if busy:
                raise CannotTell(f"{busy} ({times}, {now - self._since:.0f} s): publish again") from busy
            raise CannotTell(f"{self._branch} was moved by others {times}: publish again")
        bound = min(_LONGEST_PAUSE, _PAUSE * 2.0 ** min(self._losses - 1, 10))
        time.sleep(random.uniform(0, bound))  # noqa: S311 — no secret


def _attempt(
    git: Git, target: Target, wanted: Wanted, supply: Supply, writer: ObjectWriter, prepare: Prepare | None, *,
    dry_run: bool,
) -> Outcome | None:
    """One publish on the tip as it is now; None where somebody else moved it meanwhile."""
    tip = find_tip(git, target)
    with tree_writer(git, None if dry_run else tip.commit) as write:
        branch = _read(git, target, tip, wanted)
        name = target.base or target.branch
        fitted = _fitted(git, branch, tip, prepare(branch, wanted) if prepare else wanted, target)
        composition = compose(branch, replace(fitted, releases=supply(branch, writer), read_from=name), writer)
        if dry_run or (fitted.newer and not composition.changes):
            return Outcome(branch, composition, outdated=fitted.newer is not None)
        if composition.changes:
            writer.flush()
        outcome = _place(git, target, tip, branch, composition, fitted, write)
    return replace(outcome, outdated=fitted.newer is not None) if outcome else None


def _read(git: Git, target: Target, tip: Tip, wanted: Wanted) -> Branch:
    """The branch at its tip. Raises Refused or CannotTell where it is not ours to write."""
    branch = read_branch(git, tip.commit)
    require_ours(branch, target.branch, adopt=wanted.adopt)
    if wanted.adopt:
        require_no_source(branch, wanted.source.oid, target)
    return branch


def _fitted(git: Git, branch: Branch, tip: Tip, wanted: Wanted, target: Target) -> Wanted:
    """`wanted`, for a branch that was made from a newer source already: that one's generators, and its drySha."""
    newer = newer_source(git, branch, tip, wanted.source, target)
    if not newer:
        return wanted
    wanted = replace(wanted, newer=read_source(git, newer))
    if wanted.made_at is None:
        return wanted
    made = wanted.made_at(newer)
    return replace(wanted, generations=made.generations, repository_url=made.repository_url)


def _place(
    git: Git, target: Target, tip: Tip, branch: Branch, composition: Composition, wanted: Wanted, write: WriteTree
) -> Outcome | None:
    """Commits and moves the branch; None where the tip is no longer what was built on."""
    if not composition.changes:
        return _unchanged(git, target, tip, branch, composition, wanted)
    tree = write(composition.changes)
    message = commit_message(wanted.source, wanted.repository_url, title=wanted.title, trailers=wanted.trailers)
    commit = commit_tree(git, tree, tip.commit, message)
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
    noted = note_unchanged(git, branch, tip, wanted.source, target)
    problem = (f"the note for promotion tools was not written: {noted.problem}",) if noted.problem else ()
    return Outcome(branch, composition, pushed=pushed, notes=problem + _diverged(git, target, tip.commit))


def _diverged(git: Git, target: Target, commit: str | None) -> tuple[str, ...]:
    here = git.find_commit(target.ref) if target.push else commit
    if here == commit:
        return ()
    return (f"{target.branch} in this clone differs from the remote's and was left as it is",)
