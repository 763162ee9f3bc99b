"""What is compared with what."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.base import Base
from cluster_stacks.repository.changes import merge_heads
from cluster_stacks.repository.comparison import Comparison, compare_commits, compare_staged, compare_worktree
from cluster_stacks.repository.git import Git
from gitrepo_plugin import GitRepo, new_repository

A, B = "providers/docker/scs/1-36/cluster-class/a", "providers/openstack/scs/1-36/cluster-class/b"


@pytest.fixture
def clone(tmp_path: Path) -> GitRepo:
    """On a topic branch with one commit of its own (A) since origin/main."""
    origin = new_repository(tmp_path / "origin")
    origin.commit({A: "1", B: "1"})
    repo = GitRepo(tmp_path / "clone")
    origin.git("clone", "--quiet", str(origin.path), str(repo.path))
    repo.commit({A: "2"}, branch="topic", parent="main")
    return repo.checkout("topic")


def told(comparison: Comparison) -> tuple[str, list[str]]:
    return comparison.target, [change.path for change in comparison.changes]


def test_commits(clone: GitRepo) -> None:
    git = Git.discover(clone.path)
    assert told(compare_commits(git, None, None)) == ("origin/main", [A])
    assert told(compare_commits(git, "main", "topic")) == ("main", [A])
    assert told(compare_commits(git, "topic", "topic")) == ("topic", [])
    assert told(compare_commits(git, None, "topic", "main")) == ("main", [A])


def test_what_is_staged_is_seen_as_a_reviewer_will(clone: GitRepo) -> None:
    git = Git.discover(clone.path)
    assert told(compare_staged(git, None)) == ("HEAD", [])
    clone.stage({A: "3"})
    assert told(compare_staged(git, None)) == ("origin/main", [A])
    assert told(compare_staged(git, "HEAD")) == ("HEAD", [A])
    clone.git("reset", "--quiet", "--hard")
    clone.stage({B: "3"})
    assert told(compare_staged(git, None)) == ("origin/main", [B]), "stacks that are not touched now are not judged"
    assert told(compare_staged(git, "main")) == ("main", [A, B])


def test_the_work_tree(clone: GitRepo) -> None:
    git = Git.discover(clone.path)
    assert told(compare_worktree(git, None)) == ("origin/main", [A])
    clone.write({B: "3"})
    assert told(compare_worktree(git, None)) == ("origin/main", [A, B])
    assert told(compare_worktree(git, "HEAD")) == ("HEAD", [B])


def test_with_nothing_to_compare_with(git_repo: GitRepo) -> None:
    git = Git.discover(git_repo.path)
    git_repo.stage({A: "1"})
    assert told(compare_staged(git, None)) == told(compare_worktree(git, None)) == ("HEAD", [A])
    git_repo.git("commit", "--quiet", "-m", "first")
    git_repo.stage({A: "2"})
    assert told(compare_staged(git, None)) == ("HEAD", [A])
    with pytest.raises(CannotTell, match=r"name the branch that this will be merged into with --base"):
        compare_commits(git, None, None)


def test_why_this_base(clone: GitRepo) -> None:
    git = Git.discover(clone.path)
    assert str(compare_commits(git, None, None).base) == "origin/main (default branch of the remote)"
    assert str(compare_commits(git, "main", None).base) == "main (named by --base)"
    assert compare_staged(git, None).base.reason == "nothing is staged"
    clone.stage({A: "3"})
    assert str(compare_staged(git, None).base) == "origin/main (default branch of the remote)"


def test_a_base_that_was_replaced(clone: GitRepo) -> None:
    git = Git.discover(clone.path)
    old = clone.commit({B: "2"}, branch="old", parent="main")
    exact = Base(old, "before the push", exact=True, name="origin/topic")
    found = compare_commits(git, exact, "topic")
    assert told(found) == (old, [A, B]), "what the old tip had and the new one lacks is a change as well"
    assert found.shown == "origin/topic"
    assert told(compare_commits(git, old, "topic")) == (old, [A])
    clone.stage({A: "3"})
    assert told(compare_staged(git, exact)) == (old, [A, B])


def test_all_that_are_being_merged_count(clone: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone.path)
    theirs = clone.commit({B: "theirs"}, branch="theirs", parent="main")
    clone.git("merge", "--quiet", "--no-commit", "--no-ff", "theirs")
    git = Git.discover(clone.path)
    assert merge_heads(git) == [theirs]
    assert told(compare_staged(git, "theirs")) == ("theirs", [A])
    (clone.path / ".git/MERGE_HEAD").unlink()
    assert told(compare_staged(git, "theirs")) == ("theirs", [A, B])
    names = {f"GITHEAD_{theirs}": "theirs", "GITHEAD_nonsense": "", "GITHEAD_": ""}
    hook = Git.discover(clone.path, {**git.env, **names})
    assert told(compare_staged(hook, "theirs")) == ("theirs", [A])
