"""The server's hook pre-receive: a bare repository, objects in quarantine, and pushes that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo, metadata, new_repository, stack
from hook_helpers import CLASS, METADATA, Said, say


@pytest.fixture
def server(tmp_path: Path, root: Path, started: Path) -> GitRepo:
    """A bare repository with the hook as the documentation installs it, but not asked to judge yet."""
    repo = new_repository(tmp_path / "server.git", bare=True)
    repo.commit(stack())
    (repo.path / "hooks").mkdir(exist_ok=True)
    (repo.path / "hooks" / "pre-receive").symlink_to(root / "hooks" / "pre-receive")
    return repo


@pytest.fixture
def clone(server: GitRepo, tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "clone")
    server.git("clone", "--quiet", str(server.path), str(repo.path))
    return repo


def push(repo: GitRepo, *args: str) -> Said:
    return say(repo.path, "git", "push", "origin", *args)


def test_it_judges_nothing_unless_asked(server: GitRepo, clone: GitRepo, started: Path) -> None:
    clone.commit({CLASS: "a: 2\n"}, branch="main")
    assert push(clone, "main").code == 0
    assert not started.exists()


def test_the_default_branch(server: GitRepo, clone: GitRepo) -> None:
    server.git("config", "clusterstacks.receive", "default")
    clone.commit({CLASS: "a: 2\n"}, branch="main")
    assert push(clone, "main:topic").code == 0
    refused = push(clone, "main")
    assert refused.code == 1
    assert "refs/heads/main: base: main (before the push)" in refused.text
    assert "clusterStack must be v2: cluster-class changed (class.yaml)" in refused.text
    assert "(`cluster-stacks bump docker/scs/1-36`)" in refused.text
    assert server.git("rev-parse", "main") != clone.git("rev-parse", "main")
    clone.commit({METADATA: metadata("v2")}, branch="main")
    assert push(clone, "main").code == 0


def test_every_branch(server: GitRepo, clone: GitRepo) -> None:
    server.git("config", "clusterstacks.receive", "all")
    clone.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    refused = push(clone, "topic")
    assert refused.code == 1
    assert "refs/heads/topic: base: main (the default branch)" in refused.text
    clone.commit({METADATA: metadata("v2")}, branch="topic")
    assert push(clone, "topic").code == 0


def test_a_push_beside_the_stacks_starts_nothing(server: GitRepo, clone: GitRepo, started: Path) -> None:
    server.git("config", "clusterstacks.receive", "all")
    clone.commit({"README.md": "about"}, branch="main")
    clone.git("tag", "v1", "main")
    assert push(clone, "main", "main:other", "v1").code == 0
    assert push(clone, "--delete", "other").code == 0
    assert not started.exists()


def test_one_bad_ref_refuses_them_all(server: GitRepo, clone: GitRepo) -> None:
    server.git("config", "clusterstacks.receive", "all")
    clone.commit({CLASS: "a: 2\n"}, branch="one", parent="main")
    clone.commit({"x": "1"}, branch="two", parent="main")
    refused = push(clone, "one", "two")
    assert refused.code == 1
    assert "refs/heads/two" not in server.git("for-each-ref")


def test_the_first_push_of_all(tmp_path: Path, clone: GitRepo, root: Path) -> None:
    empty = new_repository(tmp_path / "empty.git", bare=True)
    (empty.path / "hooks").mkdir(exist_ok=True)
    (empty.path / "hooks" / "pre-receive").symlink_to(root / "hooks" / "pre-receive")
    empty.git("config", "clusterstacks.receive", "all")
    clone.commit({METADATA: metadata("v7")}, branch="main")
    assert say(clone.path, "git", "push", str(empty.path), "main").code == 0


def test_a_setting_that_means_nothing(server: GitRepo, clone: GitRepo) -> None:
    server.git("config", "clusterstacks.receive", "yes")
    clone.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="main")
    refused = push(clone, "main")
    assert refused.code == 1
    assert "clusterstacks.receive is 'yes': `git config clusterstacks.receive default|all`" in refused.text
