"""What the whole history of a stack says: which versions it had, and which of them mean two things."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Protocol

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import STABLE, Version
from cluster_stacks.repository.log import Commit
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.expected import VERSIONED, version_of
from cluster_stacks.versioning.replay import Judged
from cluster_stacks.versioning.rules.history import CREATED_AGAIN, USED_AGAIN
from cluster_stacks.versioning.verdicts import Verdict, verdicts


class Use:
    """A version of clusterStack: the commit that gave it first, and how many contents it stood for."""

    __slots__ = ("commit", "contents")

    def __init__(self, commit: str) -> None:
        self.commit, self.contents = commit, 1


class Past(Protocol):
    """Answers what a stack was."""

    def since(self, stack: StackId, oid: str) -> StackChange | None:
        """How it now differs from what it was in an earlier commit."""

    def judged(self, change: StackChange) -> tuple[Finding, ...]:
        """What the rules say of that."""


class Timeline:
    """One stack, commit after commit.

    `add` takes what each did and gives it back with what only the past shows; then `count` takes what counts of that.
    `unversioned` where the stack has no metadata.yaml at the end: upstream's later layouts compute versions at release.
    With `partial`, what was before is not known; with `merge`, content may wait for the bump that gives its version.
    """

    def __init__(self, stack: StackId, *, partial: bool = False, merge: bool = False) -> None:
        self.stack = stack
        self._partial, self._merge = partial, merge
        self.commits = 0
        self.verdicts: Counter[Verdict] = Counter()
        self.versions: dict[Version, Use] = {}
        self.removed: list[str] = []
        self.created_again: list[str] = []
        self.unreadable: list[str] = []
        self.last: Version | None = None
        self.unversioned = False
        self._seen: dict[tuple[Component, Version], str] = {}
        self._broken = ""
        self._removed: Commit | None = None

    @property
    def skipped(self) -> list[tuple[int, int]]:
        """The numbers between those that it had that nobody gave: the first and the last of each gap."""
        given = [version.major for version in self.versions if version.channel == STABLE]
        known = sorted(number for number in given if not self._partial or number >= given[0])
        return [(before + 1, after - 1) for before, after in pairwise(known) if after - before > 1]

    @property
    def used_again(self) -> dict[Version, int]:
        """The versions that had more than one content, and how many."""
        return {version: use.contents for version, use in self.versions.items() if use.contents > 1}

    def count(self, judged: Judged) -> None:
        """Counts what is wrong with a commit."""
        self.commits += 1
        self.unversioned = judged.status not in (None, Status.REMOVED) and judged.after is None
        if judged.findings:
            self.verdicts.update(verdicts(judged))

    def add(self, judged: Judged, past: Past) -> Judged:
        """Looks at a commit of the line. Raises CannotTell where its past is not in this repository."""
        extra: list[Finding] = []
        parent = judged.commit.parents[0] if judged.commit.parents else ""
        if judged.status is None:
            self._break(judged, parent)
        elif judged.status is Status.REMOVED:
            self._leave(judged.before, parent)
            self._removed = judged.commit
            self.removed.append(judged.commit.short)
        elif judged.after is not None:
            extra = self._move(judged, judged.after, parent, past)
        if extra:
            known = {(finding.rule, finding.message) for finding in judged.findings}
            new = tuple(finding for finding in extra if (finding.rule, finding.message) not in known)
            judged = judged._replace(findings=judged.findings + new)
        return judged

    def _break(self, judged: Judged, parent: str) -> None:
        self.unreadable.append(judged.commit.short)
        if not self._broken and judged.before is not None:
            self._broken = parent
            self._leave(judged.before, parent)

    def _leave(self, before: Metadata | None, parent: str) -> None:
        """Remembers in which commit versions stood last."""
        if before is not None:
            for component in VERSIONED:
                self._seen[component, version_of(before, component)] = parent

    def _move(self, judged: Judged, after: Metadata, parent: str, past: Past) -> list[Finding]:
        extra: list[Finding] = []
        before = judged.before
        if self._broken:
            extra += self._mended(past)
        if judged.status is Status.NEW and self._removed is not None:
            extra.append(self._created_again(judged))
        for component, old, new in _steps(before, after):
            if old is new or old == new:
                continue
            if (component, new) in self._seen:
                extra += self._again(component, new, past)
            if old is not None:
                self._seen[component, old] = parent
        self._use(judged, after.cluster_stack)
        return extra

    def _use(self, judged: Judged, version: Version) -> None:
        self.last = version
        use = self.versions.get(version)
        if use is None:
            self.versions[version] = Use(judged.commit.oid)
        elif judged.content and not self._merge and judged.before and judged.before.cluster_stack == version:
            use.contents += 1

    def _mended(self, past: Past) -> list[Finding]:
        """Judges a stack that can be read again against what it was when it last could."""
        oid, self._broken = self._broken, ""
        try:
            change = past.since(self.stack, oid)
        except Refused:
            return []
        return list(past.judged(change)) if change else []

    def _again(self, component: Component, version: Version, past: Past) -> list[Finding]:
        oid = self._seen[component, version]
        if not oid:
            return []
        try:
            change = past.since(self.stack, oid)
        except Refused:
            return []
        if change is None or not change.changed(component):
            return []
        if component is Component.CLUSTER_STACK:
            self.versions[version].contents += 1
        message = (
            f"{component} {version} means two contents: this one and that of commit {oid[:10]}: "
            f"{change.reason(component)}; give the next change a number that nobody has had"
        )
        return [_finding(USED_AGAIN, message, self.stack, component.value)]

    def _created_again(self, judged: Judged) -> Finding:
        assert self._removed is not None
        self.created_again.append(judged.commit.short)
        message = (
            f"the stack {self.stack} was removed in commit {self._removed.short}, and is there again: "
            f"{_count_of(self.versions)} had been given"
        )
        self._removed = None
        return _finding(CREATED_AGAIN, message, self.stack, "created-again")


def _steps(before: Metadata | None, after: Metadata) -> tuple[tuple[Component, Version | None, Version], ...]:
    """Each component with its version before and after."""
    if before is None:
        return tuple((component, None, version_of(after, component)) for component in VERSIONED)
    return (
        (Component.CLUSTER_STACK, before.cluster_stack, after.cluster_stack),
        (Component.CLUSTER_ADDON, before.cluster_addon, after.cluster_addon),
        (Component.NODE_IMAGE, before.node_image, after.node_image),
    )


def _count_of(versions: dict[Version, Use]) -> str:
    names = [str(version) for version in sorted(versions)]
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}" if names else "no version"


def _finding(rule: RuleInfo, message: str, stack: StackId, key: str) -> Finding:
    return Finding(rule.id, rule.severity, message, stack.metadata_path, stack=str(stack), key=key)


def explained(error: CannotTell, commit: Commit) -> CannotTell:
    """The same error, with the commit that it came up at."""
    return CannotTell(f"commit {commit.short} cannot be judged: {error}")
