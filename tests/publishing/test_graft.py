"""A release that goes from one branch to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.graft import contradiction, graft
from cluster_stacks.publishing.source import read_source
from cluster_stacks.publishing.tips import Target
from cluster_stacks.releases.branch import Branch, read_branch

Make = Callable[..., Any]
STACK = StackId("docker", "scs", "1-36")


def branch(repo: Any, name: str = "rendered") -> Branch:
    git = repo.ask
    return read_branch(git, git.commit(name))


def test_the_tree_the_unit_and_the_source_commit_are_the_same(repo: Any, release: Make) -> None:
    repo.publish([release(unit="v1")])
    first = repo.git("rev-parse", "HEAD")
    repo.commit("Later")
    staged = graft(branch(repo), STACK, Version(1))
    assert staged is not None
    assert staged.source_commit == first
    git = repo.ask
    wanted = Wanted(read_source(git, git.commit("HEAD")))
    publisher.run(git, Target("other"), wanted, lambda *_: [staged])
    assert repo.git("rev-parse", "other:releases") == repo.git("rev-parse", "rendered:releases")


def test_nothing_to_take(repo: Any, release: Make) -> None:
    repo.publish([release()])
    assert graft(branch(repo), STACK, Version(2)) is None
    assert graft(Branch(repo.ask), STACK, Version(1)) is None


def test_contradiction(repo: Any, release: Make) -> None:
    repo.publish([release(content="one")])
    found = contradiction("env/staging", branch(repo), STACK, Version(1), "sha256:two")
    assert found is not None
    assert found.rule == "CS582"
    assert "docker/scs/1-36 v1 has other content on env/staging" in found.message
    assert contradiction("env/staging", branch(repo), STACK, Version(1), "sha256:one") is None
    assert contradiction("env/staging", branch(repo), STACK, Version(2), "sha256:two") is None
