"""Reading and moving a branch of a remote, on real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.remote import (
    default_remote,
    fetch,
    fetch_commit,
    push_with_lease,
    remote_url,
    strip_credentials,
)

REF = "refs/heads/rendered"


def git(path: Path, *args: str) -> str:
    return subprocess.run(["git", *args], cwd=path, capture_output=True, text=True, check=True).stdout.strip()


def commit(path: Path, message: str) -> str:
    """A commit that no branch of the clone names."""
    tree = git(path, "rev-parse", "HEAD^{tree}")
    return git(path, "commit-tree", tree, "-p", "HEAD", "-m", message)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    path = tmp_path / "origin.git"
    git(tmp_path, "init", "-q", "--bare", str(path))
    return path


@pytest.fixture
def clone(tmp_path: Path, bare: Path) -> Path:
    path = tmp_path / "clone"
    git(tmp_path, "init", "-q", str(path))
    git(path, "commit", "-q", "--allow-empty", "-m", "first")
    git(path, "remote", "add", "origin", str(bare))
    git(path, "push", "-q", "origin", "HEAD:main")
    return path


def test_what_the_remote_does_not_have(clone: Path) -> None:
    assert fetch(Git.discover(clone), "origin", REF) == {}


def test_push_makes_the_branch_and_fetch_reads_it(clone: Path, bare: Path) -> None:
    ask, new = Git.discover(clone), commit(clone, "new")
    assert push_with_lease(ask, "origin", new, REF, None)
    assert git(bare, "rev-parse", REF) == new
    assert fetch(ask, "origin", REF) == {REF: new}


def test_only_that_ref_is_meant(clone: Path) -> None:
    """A pattern of ls-remote matches the end of a name too."""
    new = commit(clone, "new")
    git(clone, "push", "-q", "origin", f"{new}:refs/heads/refs/heads/rendered")
    assert fetch(Git.discover(clone), "origin", REF) == {}


@pytest.mark.parametrize("expected", ["nothing", "another"])
def test_a_lost_lease_changes_nothing(clone: Path, bare: Path, expected: str) -> None:
    theirs, ours = commit(clone, "theirs"), commit(clone, "ours")
    git(clone, "push", "-q", "origin", f"{theirs}:{REF}")
    lease = None if expected == "nothing" else git(clone, "rev-parse", "HEAD")
    assert not push_with_lease(Git.discover(clone), "origin", ours, REF, lease)
    assert git(bare, "rev-parse", REF) == theirs


def test_a_branch_that_is_gone_is_a_lost_lease(clone: Path) -> None:
    ours = commit(clone, "ours")
    assert not push_with_lease(Git.discover(clone), "origin", ours, REF, git(clone, "rev-parse", "HEAD"))


def test_what_arrived_without_an_answer_counts(clone: Path, bare: Path) -> None:
    ours = commit(clone, "ours")
    git(clone, "push", "-q", "origin", f"{ours}:{REF}")
    assert push_with_lease(Git.discover(clone), "origin", ours, REF, None)


def test_a_remote_that_refuses_says_why(clone: Path, bare: Path) -> None:
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CannotTell, match="this branch is protected") as caught:
        push_with_lease(Git.discover(clone), "origin", commit(clone, "ours"), REF, None)
    assert "\n" not in str(caught.value)


def test_a_remote_that_cannot_be_read(clone: Path) -> None:
    git(clone, "remote", "add", "gone", "/nowhere/at/all.git")
    with pytest.raises(CannotTell, match="cannot read the remote gone"):
        fetch(Git.discover(clone), "gone", REF)


def test_secrets_of_a_url_are_not_told(clone: Path) -> None:
    git(clone, "remote", "add", "secret", "https://robot:s3cr3t@localhost:1/x.git")
    with pytest.raises(CannotTell) as caught:
        fetch(Git.discover(clone), "secret", REF)
    assert "s3cr3t" not in str(caught.value)
    assert "robot" not in str(caught.value)
    assert remote_url(Git.discover(clone), "secret") == "https://localhost:1/x.git"


@pytest.mark.parametrize(("text", "told"), [
    ("https://token@host/x", "https://host/x"),
    ("https://a:b@host/x and ssh://git@host/y", "https://host/x and ssh://host/y"),
    ("git@host:x.git", "git@host:x.git"),
    ("https://host/x@v1", "https://host/x@v1"),
])
def test_strip_credentials(text: str, told: str) -> None:
    assert strip_credentials(text) == told


def test_an_unknown_remote_is_told_with_those_there_are(clone: Path) -> None:
    with pytest.raises(CannotTell, match=r"no remote upstream \(there is: origin\)"):
        fetch(Git.discover(clone), "upstream", REF)


@pytest.mark.parametrize("name", ["--upload-pack=touch /tmp/x", "https://x:y@host/z"])
def test_a_remote_is_a_name(clone: Path, name: str) -> None:
    with pytest.raises(CannotTell, match="there is no remote") as caught:
        fetch(Git.discover(clone), name, REF)
    assert "x:y" not in str(caught.value)


def test_the_remote_that_is_meant(clone: Path) -> None:
    ask = Git.discover(clone)
    git(clone, "remote", "add", "other", "/x")
    assert default_remote(ask) == "origin"
    git(clone, "remote", "remove", "origin")
    assert default_remote(ask) == "other"
    git(clone, "remote", "add", "third", "/y")
    with pytest.raises(CannotTell, match="other, third"):
        default_remote(ask)


def test_none_at_all(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", ".")
    with pytest.raises(CannotTell, match="git remote add"):
        default_remote(Git.discover(tmp_path))


def test_a_shallow_clone_stays_shallow(clone: Path, bare: Path, tmp_path: Path) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "second")
    git(clone, "push", "-q", "origin", "HEAD:main")
    old = git(clone, "rev-parse", "HEAD^")
    for _ in range(2):
        new = commit(clone, "rendered")
        git(clone, "push", "-qf", "origin", f"{new}:{REF}")
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=main", f"file://{bare}", "shallow")
    ask = Git.discover(tmp_path / "shallow")
    assert fetch(ask, "origin", REF) == {REF: new}
    assert git(tmp_path / "shallow", "rev-list", "--count", new) == "1"
    assert ask.find_commit(old) is None
    assert fetch_commit(ask, "origin", old)
    assert ask.find_commit(old) == old
    assert not fetch_commit(ask, "origin", "f" * 40)


def test_from_a_linked_worktree_and_a_bare_repository(clone: Path, bare: Path, tmp_path: Path) -> None:
    git(clone, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    new = commit(clone, "new")
    assert push_with_lease(Git.discover(tmp_path / "linked"), "origin", new, REF, None)
    git(tmp_path, "clone", "-q", "--bare", str(bare), "mirror.git")
    assert fetch(Git.discover(tmp_path / "mirror.git"), "origin", REF) == {REF: new}


def test_no_file_stays_open(clone: Path) -> None:
    ask = Git.discover(clone)
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    for _ in range(3):
        fetch(ask, "origin", REF)
    after = len(list(Path("/proc/self/fd").iterdir())) if before else 0
    assert after <= before
