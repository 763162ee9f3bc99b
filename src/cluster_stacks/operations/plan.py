"""Which releases a publish would have to render, split into parts for as many jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing.shards import MOST, Shard, split
from cluster_stacks.publishing.tips import Target, find_tip
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.repository.stacks import discover, select


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards that have something to do, in order, each with its stacks; of how many stacks in all."""

    shards: Mapping[Shard, tuple[StackId, ...]]
    stacks: int
    commit: str


def plan(
    repo: Path, patterns: Sequence[str] = (), *, shards: int = 1, head: str = "HEAD", every: bool = False,
    branch: str | None = None,
) -> Plan:
    """The stacks of a commit whose version the rendered branch lacks, as far as this clone knows it; all with `every`.

    Raises CannotTell where a pattern means no stack or the number of shards makes no sense.
    """
    if not 1 <= shards <= MOST:
        raise CannotTell(f"--shards {shards}: from 1 to {MOST}")
    git = Git.discover(repo)
    try:
        snapshot = CommitSnapshot(git, git.commit(head))
        stacks = select(discover(snapshot).stacks, patterns)
        name = branch or load_settings(snapshot).branch
        todo = stacks if every else lacking(snapshot, stacks, known_branch(git, name))
        return Plan(split(todo, shards), len(stacks), snapshot.revision)
    finally:
        git.close()


def known_branch(git: Git, name: str) -> Branch:
    """The rendered branch as this clone has it; an empty one where there is none, or none that can be used."""
    try:
        branch = read_branch(git, find_tip(git, Target(name)).commit)
    except (Refused, CannotTell):
        return Branch(git)
    return Branch(git) if branch.is_foreign else branch


def lacking(snapshot: CommitSnapshot, stacks: Sequence[StackId], branch: Branch) -> list[StackId]:
    """Those whose version is not on the branch. One that cannot be read is too: the job that gets it says why."""
    return [
        stack
        for stack, source in zip(stacks, load_stacks(snapshot, stacks), strict=True)
        if isinstance(source, Refused) or branch.find(stack, source.metadata.cluster_stack) is None
    ]
