"""`check --files` reads files on disk, or where pre-commit judges commits, those of the last of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.check_files import check_files, reader
from gitrepo_plugin import GitRepo, metadata

METADATA = "providers/docker/scs/1-36/metadata.yaml"
OTHER = "providers/docker/scs/1-37/metadata.yaml"


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """`main` is fine and checked out; `topic` broke one file and took another away."""
    git_repo.commit({METADATA: metadata(), OTHER: metadata(kubernetes="v1.37.1")})
    git_repo.commit({METADATA: "versions: [\n", OTHER: None}, branch="topic", parent="main")
    return git_repo.checkout()


def rules(repo: GitRepo, **environ: str) -> list[str]:
    read = reader(repo.path, environ)
    return [finding.rule for finding in check_files(repo.path, [Path(METADATA), Path(OTHER)], read)]


def test_without_commits_it_is_the_disk(repo: GitRepo) -> None:
    assert rules(repo) == []
    assert rules(repo, PRE_COMMIT_TO_REF="topic") == [], "both are named, or none counts"
    repo.write({METADATA: "versions: [\n"})
    assert rules(repo) == ["CS202"]


def test_with_commits_it_is_the_last(repo: GitRepo) -> None:
    assert rules(repo, PRE_COMMIT_FROM_REF="main", PRE_COMMIT_TO_REF="topic") == ["CS202"]
    repo.write({METADATA: "versions: [\n"})
    assert rules(repo, PRE_COMMIT_FROM_REF="topic", PRE_COMMIT_TO_REF="main") == []


def test_a_commit_that_is_not_here_is_never_a_pass(repo: GitRepo) -> None:
    with pytest.raises(CannotTell):
        rules(repo, PRE_COMMIT_FROM_REF="main", PRE_COMMIT_TO_REF="1" * 40)
