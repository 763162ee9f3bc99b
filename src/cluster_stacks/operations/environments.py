"""Publishing to environments: each has a branch of its own, with the releases that it admits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.settings import Environment
from cluster_stacks.operations.branches import find_environment
from cluster_stacks.operations.publish import Options, PublishResult, publish
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot


def published_environments(repo: Path, options: Options, name: str | None) -> list[Environment]:
    """The environments that a publish is for: `name`, or every one that gets nothing by promotion; none without any.

    Raises CannotTell for one that there is none of, and for one that only `promote` writes.
    """
    git = Git.discover(repo)
    try:
        head = git.find_commit(options.head)
        if head is None:
            return []  # publish itself says what is wrong
        settings = load_settings(CommitSnapshot(git, head))
    finally:
        git.close()
    if name is None:
        return [environment for environment in settings.environments if not environment.promoted_from]
    environment = find_environment(settings, name)
    if environment.promoted_from:
        raise CannotTell(
            f"{name} gets its releases from {environment.promoted_from}: `cluster-stacks promote --to {name}`"
        )
    return [environment]


def publish_environments(
    repo: Path, patterns: Sequence[str], options: Options, environments: Sequence[Environment]
) -> list[tuple[Environment, PublishResult]]:
    """One publish an environment, in their order; one commit each, or none.

    What one branch has, the next takes from it by object id, so that one version has one content. Every environment is
    tried: what is wrong for one is no reason to keep back another.
    """
    return [
        (environment, publish(repo, patterns, dataclasses.replace(options, environment=environment)))
        for environment in environments
    ]
