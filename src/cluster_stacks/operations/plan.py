"""Which releases a publish would have to render, split into parts for as many jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.operations.branches import known_branch
from cluster_stacks.publishing.shards import MOST, Shard, split
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
    """The stacks of a commit that a publish has to render, as far as this clone knows the branch; all with `every`.

    Raises CannotTell where a pattern means no stack or the number of shards makes no sense.
    """
    if not 1 <= shards <= MOST:
        raise CannotTell(f"--shards {shards}: from 1 to {MOST}")
    git = Git.discover(repo)
    try:
        snapshot = CommitSnapshot(git, git.commit(head))
        stacks = select(discover(snapshot).stacks, patterns)
        todo = stacks if every else lacking(snapshot, stacks, load_settings(snapshot), branch)
        return Plan(split(todo, shards), len(stacks), snapshot.revision)
    finally:
        git.close()


def lacking(
    snapshot: CommitSnapshot, stacks: Sequence[StackId], settings: Settings, branch: str | None = None
) -> list[StackId]:
    """Those that a publish would render: to `branch`, else to every environment that it writes, else as settings say.

    One that cannot be read is among them too: the job that gets it says why.
    """
    wanting = _wanting(snapshot.git, settings, branch)
    return [
        stack
        for stack, source in zip(stacks, load_stacks(snapshot, stacks), strict=True)
        if isinstance(source, Refused) or wanting(stack, source.metadata.cluster_stack)
    ]


def _wanting(git: Git, settings: Settings, name: str | None) -> Callable[[StackId, Version], bool]:
    """Whether some branch lacks a release that it is to have, and no other branch has it to take it from."""
    if name is not None or not settings.environments:
        branch = known_branch(git, name or settings.branch)[0]
        return lambda stack, version: branch.find(stack, version) is None
    branches = {item: known_branch(git, item.branch)[0] for item in settings.environments}

    def wanting(stack: StackId, version: Version) -> bool:
        found = {item: branch.find(stack, version) for item, branch in branches.items()}
        if any(published is not None and not published.removed for published in found.values()):
            return False
        written = (item for item in found if not item.promoted_from and item.admits(stack, version))
        return any(found[item] is None for item in written)

    return wanting
