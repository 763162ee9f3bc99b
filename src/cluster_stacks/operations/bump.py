"""Makes the versions in metadata.yaml right, in the work tree or in the index."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Component
from cluster_stacks.model.settings import Bumps
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version, VersionError
from cluster_stacks.operations.comparing import Question, Since, compare, reads
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.git import Git
from cluster_stacks.versioning.change import StackChange, Status

if TYPE_CHECKING:
    from cluster_stacks.operations.merging import DueBumps


@dataclass(frozen=True, slots=True)
class Bump:
    """One stack whose versions were wrong: what each was and is now, and the bytes of its metadata.yaml."""

    stack: StackId
    versions: Mapping[Component, tuple[Version, Version]]
    before: bytes
    after: bytes

    @property
    def path(self) -> str:
        return self.stack.metadata_path

    @property
    def diff(self) -> str:
        """The edit as a unified diff."""
        old, new = (data.decode("utf-8", "replace").splitlines(keepends=True) for data in (self.before, self.after))
        lines = difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


@dataclass(frozen=True, slots=True)
class BumpResult:
    """What was bumped (or would be), and what is left for a human.

    `merged` are the stacks whose metadata.yaml was in conflict, and no longer is. `commit` is the new one, if asked
    for.
    """

    bumps: tuple[Bump, ...] = ()
    findings: tuple[Finding, ...] = ()
    since: Since | None = None
    merged: tuple[StackId, ...] = ()
    commit: str = ""


class Way(NamedTuple):
    """How to bump: to the next version; with `channel`, to its next pre-release; with `promote`, from one to stable."""

    channel: str = ""
    promote: bool = False


def bump(
    repo: Path, stacks: Sequence[str], question: Question, *, dry_run: bool = False, keep_index: bool = False,
    way: Way = Way(),  # noqa: B008 — a named tuple never changes
) -> BumpResult:
    """Bumps the changed stacks that `stacks` mean (none: all that changed), and writes unless `dry_run`.

    The proposed state is the work tree, or the index with `question.staged`: then the index is written, and the file
    on disk too where it has no other edits; with `keep_index` only the file. What a merge left in conflict in
    metadata.yaml is resolved first. Raises CannotTell where the question has no answer, Refused where an edit is
    impossible; then no version is written.
    """
    if question.head and not dry_run:
        raise CannotTell("a commit cannot be edited: leave --head out, or look at the edit with --dry-run")
    if not (question.staged or question.head):
        question = question._replace(worktree=True)
    merged, unresolved = _after_conflict(repo, stacks, question, dry_run=dry_run)
    if unresolved:
        return BumpResult(findings=unresolved, merged=merged)
    comparison = compare(repo, question)
    if not comparison.changes and not stacks:
        return BumpResult(since=Since.of(comparison), merged=merged)
    try:
        bumps, findings = _bumps(comparison, stacks, way)
        if bumps and not dry_run:
            from cluster_stacks.operations.edits import write

            entries = comparison.head.entries(*(item.path for item in bumps))
            write(Git.discover(repo), entries, bumps, index=question.staged and not keep_index)
        return BumpResult(tuple(bumps), tuple(findings), Since.of(comparison), merged)
    finally:
        comparison.head.git.close()


def made(git: Git, edits: Iterable[tuple[StackId, Mapping[Component, tuple[Version, Version]], bytes]]) -> list[Bump]:
    """The bumps that edits make of these files. Raises Refused with all that cannot be edited."""
    from cluster_stacks.versioning.bump import bumped

    bumps: list[Bump] = []
    findings: list[Finding] = []
    for stack, versions, before in edits:
        try:
            bumps.append(Bump(stack, versions, before, bumped(before, versions, stack.metadata_path)))
        except Refused as refused:
            findings += refused.findings
    if findings:
        git.close()
        raise Refused(*findings)
    return bumps


def _after_conflict(
    repo: Path, stacks: Sequence[str], question: Question, *, dry_run: bool
) -> tuple[tuple[StackId, ...], tuple[Finding, ...]]:
    """The stacks whose metadata.yaml was resolved after a merge, and what is left of that for a human."""
    if question.head:
        return (), ()
    from cluster_stacks.operations.conflicts import resolve, unmerged
    from cluster_stacks.operations.policy import means

    git = Git.discover(repo)
    try:
        conflicts = [
            conflict for conflict in unmerged(git)
            if not stacks or any(means(pattern, str(conflict.stack)) for pattern in stacks)
        ]
        if conflicts and dry_run:
            raise CannotTell(f"{conflicts[0].path} is in conflict: run `cluster-stacks bump`, which resolves it")
        return resolve(git, conflicts) if conflicts else ((), ())
    finally:
        git.close()


def _bumps(comparison: Comparison, stacks: Sequence[str], way: Way) -> tuple[list[Bump], list[Finding]]:
    from cluster_stacks.operations.merging import DueBumps
    from cluster_stacks.operations.settling import read
    from cluster_stacks.versioning.detect import detect

    detected = detect(comparison, reads)
    changes = {change.stack: change for change in detected.changes}
    chosen = _chosen(comparison, stacks, set(changes))
    settings, wrong = read(comparison.head)
    if wrong:
        raise Refused(*wrong)  # nobody knows who is to bump
    found = [finding for finding in detected.findings if not stacks or _is_of(finding, chosen)]
    due = DueBumps(comparison) if settings.bump is Bumps.MERGE else None
    if way.promote:
        still = ((stack, _unchanged(comparison, stack)) for stack in chosen - changes.keys())
        changes |= {stack: change for stack, change in still if change}
    edits = []
    for stack in sorted(changes.keys() & chosen, key=lambda stack: stack.sort_key):
        change = changes[stack]
        versions = _edits(change, way, due)
        if versions:
            edits.append((stack, versions, _read(comparison, stack)))
        found += _left(change, versions, merge=due is not None)
    return made(comparison.head.git, edits), found


def _edits(
    change: StackChange, way: Way, due: DueBumps | None
) -> Mapping[Component, tuple[Version, Version]]:
    """What must become of the versions of a stack; `due` where the merge moves them. Raises CannotTell for a channel
    that none can go on in.
    """
    from cluster_stacks.versioning import channels
    from cluster_stacks.versioning.bump import edits
    from cluster_stacks.versioning.merging import is_left_to_merge, moved

    if way.promote:
        return channels.promoted(change)
    if way.channel:
        try:
            return channels.in_channel(change, way.channel)
        except VersionError as error:
            raise CannotTell(f"{change.stack}: {error}") from error
    if due and is_left_to_merge(change):
        return {} if due.are_made_by(change) else moved(change)
    return edits(change)


def _left(
    change: StackChange, versions: Mapping[Component, tuple[Version, Version]], *, merge: bool
) -> Iterable[Finding]:
    """What no edit mends: a version whose next one cannot be computed."""
    from cluster_stacks.versioning.expected import wanted
    from cluster_stacks.versioning.judge import wrong
    from cluster_stacks.versioning.merging import is_left_to_merge
    from cluster_stacks.versioning.rules import judge_change

    if merge and is_left_to_merge(change):
        return ()
    left = [component for component in wrong(change) if component not in versions]
    return judge_change(change._replace(bump="")) if any(wanted(change, each) is None for each in left) else ()


def _unchanged(comparison: Comparison, stack: StackId) -> StackChange | None:
    """A stack that did not change, as a change of nothing."""
    from cluster_stacks.repository.metadata import parse_metadata

    if not comparison.head.entries(stack.metadata_path):
        return None
    metadata = parse_metadata(_read(comparison, stack), stack.metadata_path, stack)
    return StackChange(stack, Status.CHANGED, {}, metadata, metadata, metadata, comparison.target)


def _chosen(comparison: Comparison, patterns: Sequence[str], changed: set[StackId]) -> set[StackId]:
    if not patterns:
        return changed
    from cluster_stacks.repository.stacks import discover, select

    return set(select({*discover(comparison.head).stacks, *changed}, patterns))


def _is_of(finding: Finding, chosen: set[StackId]) -> bool:
    return any(finding.stack == str(stack) for stack in chosen)


def _read(comparison: Comparison, stack: StackId) -> bytes:
    ((_, data),) = comparison.head.read(comparison.head.entries(stack.metadata_path))
    return data
