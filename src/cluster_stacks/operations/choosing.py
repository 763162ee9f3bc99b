"""Which state of the repository, and which of its stacks, a verb that renders is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot, IndexSnapshot, Snapshot, WorktreeSnapshot
from cluster_stacks.repository.stacks import discover, select


@dataclass(frozen=True, slots=True)
class Chosen:
    """A state, its settings, the stacks that are meant, and what stands where only stacks may."""

    snapshot: Snapshot
    settings: Settings
    stacks: tuple[StackId, ...]
    findings: tuple[Finding, ...]


@contextmanager
def choose(
    repo: Path, patterns: Sequence[str] = (), *, head: str | None = None, staged: bool = False
) -> Iterator[Chosen]:
    """The stacks that `patterns` mean (none: all) in a commit, the index, or else the work tree.

    A bare repository has no work tree: there it is HEAD. What is misplaced is only told where all stacks are meant.
    Raises CannotTell for a pattern that means no stack, Refused for settings that are wrong.
    """
    git = Git.discover(repo)
    try:
        snapshot = snapshot_of(git, head, staged=staged)
        found = discover(snapshot)
        chosen = tuple(select(found.stacks, patterns))
        yield Chosen(snapshot, load_settings(snapshot), chosen, () if patterns else found.findings)
    finally:
        git.close()


def snapshot_of(git: Git, head: str | None, *, staged: bool = False) -> Snapshot:
    """The state that is asked for."""
    if staged:
        return IndexSnapshot(git)
    if head or git.top is None:
        return CommitSnapshot(git, head or "HEAD")
    return WorktreeSnapshot(git)
