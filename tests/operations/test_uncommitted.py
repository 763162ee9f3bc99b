"""Edits that no commit has are found while other work goes on."""

from __future__ import annotations

import pytest

from cluster_stacks.operations.uncommitted import uncommitted
from cluster_stacks.repository.git import Git
from gitrepo_plugin import GitRepo


@pytest.mark.parametrize(("path", "found"), [
    ("README.md", False), ("providers/docker/x", True), (".cluster-stacks.yaml", True), ("generators/x/y", True),
])
def test_only_sources_count(git_repo: GitRepo, path: str, found: bool) -> None:
    git_repo.commit({"README.md": "a\n"})
    git_repo.checkout()
    git_repo.write({path: "edited\n"})
    git = Git.discover(git_repo.path)
    with uncommitted(git) as edited:
        assert edited() is found
    with uncommitted(git, ask=False) as edited:
        assert not edited()


def test_nobody_waits_for_an_answer_that_is_not_wanted(git_repo: GitRepo) -> None:
    git_repo.commit({"README.md": "a\n"})
    with pytest.raises(KeyboardInterrupt), uncommitted(Git.discover(git_repo.path)):
        raise KeyboardInterrupt
