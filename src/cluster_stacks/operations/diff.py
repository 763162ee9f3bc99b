"""What a change would do to the rendered branch: each release that it makes, against the one that clusters have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.branches import known_branch
from cluster_stacks.operations.comparing import Question, compare, reads
from cluster_stacks.operations.predecessors import first_branch
from cluster_stacks.operations.rendered import map_rendered, whole
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.compare import ReleaseComparison, compare_releases
from cluster_stacks.releases.contents import Contents, read_contents
from cluster_stacks.releases.published import read_published
from cluster_stacks.releases.series import Published
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot, Snapshot, read_path
from cluster_stacks.repository.stacks import discover, select
from cluster_stacks.versioning.change import Status
from cluster_stacks.versioning.detect import detect


@dataclass(frozen=True, slots=True)
class StackDiff:
    """One stack. `name` is the release that would be published, or the last one of a stack that is removed.

    `before` is the name of the release that it is compared with and `origin` says where that is from (`published`,
    `merge base`, `previous minor`); both are empty where there is nothing to compare with. `comparison` is None there,
    and for a removed stack.
    """

    stack: StackId
    name: str
    before: str = ""
    origin: str = ""
    removed: bool = False
    comparison: ReleaseComparison | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiffResult:
    """The stacks that were asked about, in order, and what keeps others from being compared."""

    stacks: tuple[StackDiff, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    read: Callable[[str], bytes | None] = field(default=lambda _: None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Before:
    """What a release is compared with."""

    contents: Contents
    origin: str
    notes: tuple[str, ...] = ()


def diff(
    repo: Path, patterns: Sequence[str], question: Question, *, every: bool = False, branch: str | None = None
) -> DiffResult:
    """Compares the stacks that changed, or those that `patterns` mean, or all with `every`.

    A release is compared with the last live one of its series on the rendered branch, as far as this clone knows the
    branch; where that has none, with the stack at the merge base; a new minor with the minor before it. Writes nothing
    and asks no remote. Raises CannotTell where the question has no answer.
    """
    comparison = compare(repo, question)
    git = comparison.head.git
    try:
        return _diff(comparison, patterns, every=every, branch=branch)
    finally:
        git.close()


def _diff(comparison: Comparison, patterns: Sequence[str], *, every: bool, branch: str | None) -> DiffResult:
    snapshot = comparison.head
    settings = load_settings(snapshot)
    stacks, removed, findings = _stacks(comparison, patterns, every=every)
    name = branch or first_branch(settings)
    published, problem = known_branch(snapshot.git, name)
    notes = (f"{name} is not compared with: {problem}",) if problem else ()
    heads: list[Release] = []
    for outcome in map_rendered(load_stacks(snapshot, stacks), settings, whole, total=len(stacks)):
        heads += [outcome.result] if outcome.result else []
        findings += outcome.findings
    finder = _Finder(comparison, settings, published)
    diffs = [StackDiff(stack, _last(published, stack), removed=True) for stack in removed]
    diffs += [_compared(release, before) for release, before in zip(heads, finder.find(heads), strict=True)]
    return DiffResult(
        tuple(sorted(diffs, key=lambda item: item.stack.sort_key)), tuple(findings), notes, partial(read_path, snapshot)
    )


def _stacks(
    comparison: Comparison, patterns: Sequence[str], *, every: bool
) -> tuple[list[StackId], list[StackId], list[Finding]]:
    """The stacks to compare, those that are removed, and what is wrong with others."""
    if patterns or every:
        found = discover(comparison.head)
        return list(select(found.stacks, patterns)), [], [] if patterns else list(found.findings)
    detected = detect(comparison, reads)
    there = [change.stack for change in detected.changes if change.status is not Status.REMOVED]
    gone = [change.stack for change in detected.changes if change.status is Status.REMOVED]
    return there, gone, list(detected.findings)


def _last(branch: Branch, stack: StackId) -> str:
    series = branch.series.get(stack)
    latest = series.latest if series else None
    return stack.release_name(latest.version) if latest else ""


def _compared(release: Release, before: _Before | None) -> StackDiff:
    if before is None:
        return StackDiff(release.stack, release.name)
    comparison = compare_releases(before.contents, _contents(release))
    return StackDiff(
        release.stack, release.name, before.contents.facts.name, before.origin, comparison=comparison,
        notes=before.notes,
    )


def _contents(release: Release) -> Contents:
    return read_contents(release.files, release.images.files if release.images else {})


class _Finder:
    """Finds what releases are compared with."""

    def __init__(self, comparison: Comparison, settings: Settings, branch: Branch) -> None:
        self._comparison, self._settings, self._branch = comparison, settings, branch

    def find(self, heads: Sequence[Release]) -> list[_Before | None]:
        """For each release, in order."""
        found: dict[StackId, _Before] = {}
        for release in heads:
            before = self._on_branch(release)
            if before is not None:
                found[release.stack] = before
        missing = [release.stack for release in heads if release.stack not in found]
        if missing:
            found |= {s: _Before(c, "merge base") for s, c in self._rendered(self._base(), missing).items()}
        missing = [release.stack for release in heads if release.stack not in found]
        return [found.get(release.stack) for release in heads] if not missing else self._by_minor(heads, found, missing)

    def _on_branch(self, release: Release) -> _Before | None:
        series = self._branch.series.get(release.stack)
        version = release.metadata.cluster_stack
        if series is None or not series.versions:
            return self._minor_on_branch(release.stack)
        same = series.find(version)
        if same and same.source_digest != release.facts["sourceDigest"]:
            note = f"{version} is published with other content: run `cluster-stacks bump {release.stack}`"
            return _Before(self._read(release.stack, same), "published", (note,))
        before = series.predecessor(version)
        if before is None:
            return self._minor_on_branch(release.stack)
        note_same = (f"{release.name} is published",) if same else ()
        return _Before(self._read(release.stack, before), "published", note_same)

    def _minor_on_branch(self, stack: StackId) -> _Before | None:
        other = _minor_before(stack, self._branch.series)
        latest = self._branch.series[other].latest if other else None
        return _Before(self._read(other, latest), "previous minor, published") if other and latest else None

    def _by_minor(
        self, heads: Sequence[Release], found: Mapping[StackId, _Before], missing: Iterable[StackId]
    ) -> list[_Before | None]:
        known = set(discover(self._comparison.head).stacks)
        others = {stack: other for stack in missing if (other := _minor_before(stack, known))}
        rendered = self._rendered(self._comparison.head, sorted(set(others.values())))
        return [
            found.get(release.stack) or (
                _Before(rendered[other], "previous minor")
                if (other := others.get(release.stack)) and other in rendered else None
            )
            for release in heads
        ]

    def _base(self) -> Snapshot:
        return CommitSnapshot(self._comparison.head.git, self._comparison.start or "HEAD")

    def _rendered(self, snapshot: Snapshot, stacks: Sequence[StackId]) -> dict[StackId, Contents]:
        """The stacks as a state has them; without those that it lacks or that cannot be rendered there."""
        known = set(discover(snapshot).stacks)
        sources = load_stacks(snapshot, [stack for stack in stacks if stack in known])
        outcomes = map_rendered(sources, self._settings, whole)
        return {item.result.stack: _contents(item.result) for item in outcomes if item.result}

    def _read(self, stack: StackId, published: Published) -> Contents:
        return read_published(self._branch, stack, published.version)


def _minor_before(stack: StackId, known: Iterable[StackId]) -> StackId | None:
    """The nearest lower minor of the same stack."""
    below = [other for other in known if other[:2] == stack[:2] and other.sort_key < stack.sort_key]
    return max(below, key=lambda other: other.sort_key, default=None)
