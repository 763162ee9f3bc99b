"""Histories of two branches that are edited, bumped, merged, rebased and squashed.

A history is a start and a list of steps, small enough to be read when a test fails; `play` makes the states and the
commits of it.
"""

from __future__ import annotations

from typing import NamedTuple

from versioning.model import spec
from versioning.model.edits import FIRST, Edit, Files, Say


class Bump(NamedTuple):
    """The versions are made right, as an author with the specification at hand would."""


class Into(NamedTuple):
    """`merge` or `squash`: the topic lands; `update`: main is merged into the topic; `rebase`: topic on top of main."""

    how: str


Step = tuple[str, Edit | Bump | Into]


class History(NamedTuple):
    """`start` are the first edits; each step happens on `main` or `topic`."""

    start: tuple[Edit, ...]
    steps: tuple[Step, ...]


class Commit(NamedTuple):
    """One commit, by its number."""

    files: Files
    parents: tuple[int, ...]


class Played(NamedTuple):
    """The commits of a history, and which of them are the merge base, the topic and main."""

    commits: list[Commit]
    base: int
    topic: int
    main: int

    def state(self, number: int) -> Files:
        return self.commits[number].files


def merged(base: Files, mine: Files, theirs: Files) -> Files:
    """A merge of three states, file by file; where both changed one, mine."""
    found = {}
    for path in base.keys() | mine.keys() | theirs.keys():
        file = theirs.get(path) if mine.get(path) == base.get(path) else mine.get(path)
        if file:
            found[path] = file
    return found


def bumped(base: Files, head: Files, tip: Files) -> Files:
    """`head` with the versions that the specification asks for."""
    for wrong in sorted(spec.judge(base, head, tip)):
        if wrong.must:
            head = Say(wrong.stack, wrong.component, wrong.must).apply(head)
    return head


def play(history: History) -> Played:
    """The commits of a history."""
    files = FIRST
    for edit in history.start:
        files = edit.apply(files)
    world = Played([Commit(files, ()), Commit(files, (0,)), Commit(files, (0,))], 0, 1, 2)
    for branch, step in history.steps:
        world = _step(world, branch, step)
    return world


def _step(world: Played, branch: str, step: Edit | Bump | Into) -> Played:
    commits, base, topic, main = world
    base_files, mine, theirs = (world.state(number) for number in (base, topic, main))
    new = len(commits)
    if isinstance(step, Into):
        both = merged(base_files, mine, theirs)
        match step.how:
            case "update":
                return Played([*commits, Commit(both, (topic, main))], main, new, main)
            case "rebase":
                return Played([*commits, Commit(both, (main,))], main, new, main)
            case "merge":
                return Played([*commits, Commit(both, (main, topic))], topic, topic, new)
            case _:
                return Played([*commits, Commit(both, (main,))], base, topic, new)
    if isinstance(step, Bump):
        files = bumped(base_files, mine, theirs) if branch == "topic" else bumped(base_files, theirs, base_files)
    else:
        files = step.apply(mine if branch == "topic" else theirs)
    if branch == "topic":
        return Played([*commits, Commit(files, (topic,))], base, new, main)
    return Played([*commits, Commit(files, (main,))], base, topic, new)
