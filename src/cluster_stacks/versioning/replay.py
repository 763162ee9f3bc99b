"""Judges commit after commit as `check` judges each against its first parent, from one running state in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.stack import SHARED, StackId
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.log import Commit
from cluster_stacks.repository.paths import Family
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.detect import Detector
from cluster_stacks.versioning.expected import VERSIONED
from cluster_stacks.versioning.heads import Heads
from cluster_stacks.versioning.layers import Reads
from cluster_stacks.versioning.plain import PlainEdit, Shape, plain_commit
from cluster_stacks.versioning.reach import FamilyStates, outside_roots, reached, with_roots
from cluster_stacks.versioning.sources import Sources
from cluster_stacks.versioning.trees import Tree, Trees, applied, seen, states_of, tree_of

BEFORE = "the commit before"

Judge = Callable[[StackChange], list[Finding]]


class Judged(NamedTuple):
    """What one commit did to one stack, and what the rules say of it.

    `before` and `after` are its versions, None where there are none or they cannot be read; `content` the components
    whose content changed. `status` is None where the state after it cannot be read. `stack` is None for files that
    stand where no stack can be.
    """

    commit: Commit
    stack: StackId | None
    status: Status | None
    before: Metadata | None = None
    after: Metadata | None = None
    content: frozenset[Component] = frozenset()
    findings: tuple[Finding, ...] = ()


class Replay:
    """One run over a history: what it remembers of files, and how it asks what templates read.

    `judge` are the rules, `wanted` says which stacks are looked at.
    """

    def __init__(
        self, git: Git, reads: Reads, judge: Judge, wanted: Callable[[StackId], bool] = lambda _: True
    ) -> None:
        self._git, self._reads, self._judge, self._wanted = git, reads, judge, wanted
        self._heads = Heads(git)
        self._detector = Detector(self._heads, BEFORE, reads)
        self._silent: dict[Shape, bool] = {}
        self._tree: Tree = {}

    def run(self, commits: Iterable[Commit], trees: Trees) -> Iterator[Judged]:
        """What each commit did, in the order of `commits`; nothing for a stack that it left alone.

        Raises CannotTell, naming the commit, where an object is not in this repository.
        """
        for commit in self._heads.read_ahead(commits):
            try:
                tree = self._tree = trees.before(commit)
                if commit.changes:
                    yield from self._commit(commit, tree)
            except CannotTell as error:
                raise CannotTell(f"commit {commit.short} cannot be judged: {error}") from error
            trees.after(commit, tree)

    def since(self, stack: StackId, oid: str) -> StackChange | None:
        """How a stack now differs from what it was in an earlier commit. Raises Refused where one cannot be read."""
        family = Family(stack.provider, stack.name)
        entries = CommitSnapshot(self._git, oid).entries(family.path)
        before = seen(tree_of(entries).get(family, {}))
        states, _ = with_roots(FamilyStates(family, before, seen(self._tree.get(family, {}))), self._heads.blob)
        return Detector(self._heads, f"commit {oid[:10]}", self._reads).change(states, stack, self._sources(states))

    def judged(self, change: StackChange) -> tuple[Finding, ...]:
        """What the rules say of a change."""
        return tuple(self._judge(change))

    def _commit(self, commit: Commit, tree: Tree) -> Iterator[Judged]:
        plain = plain_commit(commit, tree, self._heads)
        if plain and all(self._silent.get(edit.shape) for edit in plain.edits):
            plain.apply(tree)
            for stack, before, after, shape in plain.edits:
                if self._wanted(stack):
                    yield Judged(commit, stack, Status.CHANGED, before, after, shape[0])
            return
        found = list(self._thoroughly(commit, tree))
        yield from found
        if plain and len(plain.edits) == len(found):
            self._learn(plain.edits, found)

    def _learn(self, edits: list[PlainEdit], found: list[Judged]) -> None:
        """Remembers the shapes of which the rules say nothing."""
        for edit, judged in zip(edits, found, strict=True):
            told = (judged.stack, judged.status, judged.before, judged.after, judged.content)
            if told == (edit.stack, Status.CHANGED, edit.before, edit.after, edit.shape[0]):
                self._silent[edit.shape] = not judged.findings

    def _thoroughly(self, commit: Commit, tree: Tree) -> Iterator[Judged]:
        changed, misplaced = reached(commit.changes)
        every: list[FamilyStates] = []
        for family in changed:
            before = tree.get(family.family, {})
            after = tree[family.family] = applied(before, family)
            states, wrong_roots = with_roots(states_of(family, before, after), self._heads.blob)
            every.append(states)
            if wrong_roots:
                yield Judged(commit, None, None, findings=wrong_roots)
            sources = self._sources(states)
            for stack in map(family.family.stack, states.minors):
                judged = self._stack(commit, stack, states, sources) if self._wanted(stack) else None
                if judged:
                    yield judged
        wrong = outside_roots(misplaced, every)
        if wrong:
            yield Judged(commit, None, None, findings=tuple(wrong))

    def _stack(self, commit: Commit, stack: StackId, states: FamilyStates, sources: Sources) -> Judged | None:
        before = sources.before[stack].metadata
        try:
            change = self._detector.change(states, stack, sources)
        except Refused as error:
            return Judged(commit, stack, None, before, findings=error.findings)
        if change is None:
            return None
        content = frozenset(component for component in VERSIONED if change.changed(component))
        return Judged(commit, stack, change.status, before, change.head, content, self.judged(change))

    def _sources(self, states: FamilyStates) -> Sources:
        sources = Sources({}, {}, {})
        for stack in map(states.family.stack, states.minors):
            old, new = states.before, states.after
            before = self._heads.versions(stack, old.get(stack.minor, {}), shared=SHARED in old)
            sources.before[stack] = sources.tip[stack] = before
            sources.after[stack] = self._heads.versions(stack, new.get(stack.minor, {}), shared=SHARED in new)
        return sources
