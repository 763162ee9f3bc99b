"""Makes the versions in metadata.yaml right, in the work tree or in the index."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Component
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.operations.comparing import Question, compare, reads
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.git import Git


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
    """What was bumped (or would be), and what is left for a human."""

    bumps: tuple[Bump, ...] = ()
    findings: tuple[Finding, ...] = ()


def bump(
    repo: Path, stacks: Sequence[str], question: Question, *, dry_run: bool = False, keep_index: bool = False
) -> BumpResult:
    """Bumps the changed stacks that `stacks` mean (none: all that changed), and writes unless `dry_run`.

    The proposed state is the work tree, or the index with `question.staged`: then the index is written, and the file
    on disk too where it has no other edits; with `keep_index` only the file. Raises CannotTell where the question has
    no answer, Refused where an edit is impossible; then nothing is written.
    """
    if question.head and not dry_run:
        raise CannotTell("a commit cannot be edited: leave --head out, or look at the edit with --dry-run")
    if not (question.staged or question.head):
        question = question._replace(worktree=True)
    comparison = compare(repo, question)
    if not comparison.changes and not stacks:
        return BumpResult()
    try:
        result = _bumps(comparison, stacks)
        if result.bumps and not dry_run:
            _write(Git.discover(repo), comparison, result.bumps, index=question.staged and not keep_index)
        return result
    finally:
        comparison.head.git.close()


def _bumps(comparison: Comparison, stacks: Sequence[str]) -> BumpResult:
    from cluster_stacks.versioning.bump import bumped, edits
    from cluster_stacks.versioning.detect import detect
    from cluster_stacks.versioning.expected import wanted
    from cluster_stacks.versioning.judge import wrong
    from cluster_stacks.versioning.rules import judge_change

    detected = detect(comparison, reads)
    chosen = _chosen(comparison, stacks, {change.stack for change in detected.changes})
    findings = [finding for finding in detected.findings if not stacks or _is_of(finding, chosen)]
    bumps = []
    for change in detected.changes:
        if change.stack not in chosen:
            continue
        versions = edits(change)
        if versions:
            before = _read(comparison, change.stack)
            after = bumped(before, versions, change.stack.metadata_path)
            bumps.append(Bump(change.stack, versions, before, after))
        if any(wanted(change, component) is None for component in wrong(change)):
            findings += judge_change(change._replace(bump=""))
    return BumpResult(tuple(bumps), tuple(findings))


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


def _write(git: Git, comparison: Comparison, bumps: Sequence[Bump], *, index: bool) -> None:
    """Every edit is made in memory before the first is written."""
    from cluster_stacks.versioning.bump import bumped

    top = git.top
    if top is None and not index:
        raise CannotTell("a bare repository has no files to bump: work in a clone of it")
    busy = _edited_on_disk(git, bumps) if index and top else set()
    files = {top / bump.path: bump for bump in bumps if top and bump.path not in busy}
    # As they are on disk, where line ends may differ from what Git stores. A link is never written through.
    contents = {
        path: bumped(path.read_bytes(), bump.versions, bump.path)
        for path, bump in files.items()
        if path.is_file() and not path.is_symlink()
    }
    if index:
        _write_index(git, bumps, {entry.path: entry for entry in comparison.head.entries(*(b.path for b in bumps))})
    for path, data in contents.items():
        _replace(path, data)


def _edited_on_disk(git: Git, bumps: Sequence[Bump]) -> set[str]:
    """Those files that differ from the index: someone is at work on them."""
    paths = [f":(top,literal){bump.path}" for bump in bumps]
    output = git.run("diff", "--name-only", "-z", "--no-relative", "--no-ext-diff", "--", *paths)
    return {os.fsdecode(path) for path in output.split(b"\0") if path}


def _write_index(git: Git, bumps: Sequence[Bump], entries: Mapping[str, Entry]) -> None:
    rows = []
    for bump in bumps:
        oid = git.run("hash-object", "-w", "--stdin", stdin=bump.after).decode().strip()
        rows.append(f"{entries[bump.path].mode} {oid}\t{bump.path}\0")
    git.run("update-index", "-z", "--index-info", stdin="".join(rows).encode())


def _replace(path: Path, data: bytes) -> None:
    """Puts a new file in the place of one, with its mode, so that no reader sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".metadata-")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        new.chmod(path.stat().st_mode & 0o7777)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
