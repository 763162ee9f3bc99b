"""The same folders give the same key, and any other content gives another."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cluster_stacks.model.stack import StackId
from cluster_stacks.releases.source_key import source_keys
from cluster_stacks.repository.git import Git
from gitrepo_plugin import GitRepo

STACK = StackId("docker", "scs", "1-36")
OTHER = StackId("docker", "scs", "1-37")
FILES = {f"{STACK.path}/metadata.yaml": "a\n", f"{OTHER.path}/metadata.yaml": "a\n", f"{STACK.shared_path}/x": "x\n"}


def keys(repo: GitRepo, edit: Mapping[str, str | None]) -> dict[StackId, str]:
    git = Git.discover(repo.path)
    try:
        return source_keys(git, repo.commit(edit), [STACK, OTHER])
    finally:
        git.close()


@pytest.mark.parametrize(("edit", "changed"), [
    ({"README.md": "b\n"}, set()),
    ({f"{STACK.path}/metadata.yaml": "b\n"}, {STACK}),
    ({f"{STACK.path}/ü \"x\"/y": "b\n"}, {STACK}),
    ({f"{STACK.path}/metadata.yaml": None}, {STACK}),
    ({f"{STACK.shared_path}/x": "y\n"}, {STACK, OTHER}),
    ({f"{STACK.shared_path}/x": None}, {STACK, OTHER}),
    ({"providers/docker/other/shared/x": "x\n"}, set()),
])
def test_what_counts(git_repo: GitRepo, edit: Mapping[str, str | None], changed: set[StackId]) -> None:
    before, after = keys(git_repo, FILES), keys(git_repo, edit)
    assert {stack for stack in before if before[stack] != after[stack]} == changed
    assert len(after[STACK]) == 32
