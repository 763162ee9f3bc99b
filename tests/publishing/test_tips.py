"""Where a publish starts, and how this clone's branch and the remote's move."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.tips import Target, move, require_target

Make = Callable[..., Any]
PUSH = {"remote": "origin", "push": True}


def test_push_moves_the_remote_and_then_this_clone(repo: Any, remote: Any, release: Make) -> None:
    outcome = repo.publish([release()], **PUSH)
    assert outcome.pushed
    assert remote.git("rev-parse", "rendered") == repo.git("rev-parse", "rendered") == outcome.commit


def test_without_a_push_the_remote_stays(repo: Any, remote: Any, release: Make) -> None:
    repo.publish([release()])
    assert remote.git("for-each-ref", "refs/heads/rendered") == ""


def test_what_was_published_here_alone_is_pushed_later(repo: Any, remote: Any, release: Make) -> None:
    first = repo.publish([release()])
    outcome = repo.publish([release()], **PUSH)
    assert outcome.commit is None
    assert outcome.pushed
    assert remote.git("rev-parse", "rendered") == first.commit


def test_a_fresh_clone_builds_on_what_it_cloned(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    first = repo.publish([release()], **PUSH)
    repo.git("clone", "-q", str(remote.path), str(tmp_path / "fresh"))
    fresh = type(repo)(tmp_path / "fresh")
    fresh.git("checkout", "-q", "main")
    outcome = fresh.publish([release(version="v2", content="two")])
    assert outcome.before == first.commit
    assert fresh.git("rev-parse", "rendered^") == first.commit


def test_a_stale_clone_builds_on_the_remote(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    repo.publish([release()], **PUSH)
    repo.git("clone", "-q", str(remote.path), str(tmp_path / "other"))
    other = type(repo)(tmp_path / "other")
    theirs = other.publish([release("docker/scs/1-35", content="theirs")], **PUSH)
    ours = repo.publish([release(version="v2", content="two")], **PUSH)
    assert ours.before == theirs.commit
    assert repo.git("rev-parse", "rendered") == remote.git("rev-parse", "rendered") == ours.commit


def test_two_ways_end_at_the_remotes(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    """What was published here alone gives way: others read the remote. This clone's branch is not thrown away."""
    repo.publish([release()], **PUSH)
    repo.git("clone", "-q", str(remote.path), str(tmp_path / "other"))
    theirs = type(repo)(tmp_path / "other").publish([release("docker/scs/1-35", content="theirs")], **PUSH)
    alone = repo.publish([release("docker/scs/1-34", content="alone")])
    outcome = repo.publish([release(version="v2", content="two")], **PUSH)
    assert outcome.before == theirs.commit
    assert remote.git("rev-parse", "rendered") == outcome.commit
    assert repo.git("rev-parse", "rendered") == alone.commit
    assert "differs from the remote's" in outcome.notes[0]


def test_two_ways_without_a_push_cannot_be_told(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    repo.publish([release()], **PUSH)
    repo.git("clone", "-q", str(remote.path), str(tmp_path / "other"))
    type(repo)(tmp_path / "other").publish([release("docker/scs/1-35", content="theirs")], **PUSH)
    alone = repo.publish([release("docker/scs/1-34", content="alone")])
    with pytest.raises(CannotTell, match="different ways"):
        repo.publish([release(version="v2", content="two")], remote="origin")
    assert repo.git("rev-parse", "rendered") == alone.commit


def test_a_lost_lease_at_the_remote_is_run_again(
    repo: Any, remote: Any, release: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.publish([release()], **PUSH)
    repo.git("clone", "-q", str(remote.path), str(tmp_path / "other"))
    other = type(repo)(tmp_path / "other")
    monkeypatch.setattr(publisher, "_PAUSE", 0.001)
    calls = []

    def late(*args: Any) -> bool:
        calls.append(args)
        if len(calls) == 1:
            monkeypatch.setattr(publisher, "move", move)
            other.publish([release("docker/scs/1-35", content="theirs")], **PUSH)
        return move(*args)

    monkeypatch.setattr(publisher, "move", late)
    outcome = repo.publish([release(version="v2", content="two")], **PUSH)
    assert len(calls) == 1
    assert remote.git("rev-parse", "rendered") == outcome.commit
    assert remote.git("rev-list", "--count", "rendered") == "3"
    assert "releases/docker/scs/1-35/v1/release.json" in remote.files()


def test_a_remote_that_refuses_leaves_this_clone_as_it_was(repo: Any, remote: Any, release: Make) -> None:
    first = repo.publish([release()], **PUSH)
    hook = remote.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho protected >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CannotTell, match="protected"):
        repo.publish([release(version="v2", content="two")], **PUSH)
    assert repo.git("rev-parse", "rendered") == remote.git("rev-parse", "rendered") == first.commit


def test_the_note_is_pushed(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    repo.publish([release()], **PUSH)
    newer = repo.commit("Nothing rendered")
    repo.publish([release()], **PUSH)
    assert newer in remote.git("notes", "--ref=hydrator.metadata", "show", "rendered")
    newest = repo.commit("Nothing again")
    repo.publish([release()], **PUSH)
    assert newest in remote.git("notes", "--ref=hydrator.metadata", "show", "rendered")


def test_a_note_that_cannot_be_pushed_is_only_told(repo: Any, remote: Any, release: Make) -> None:
    repo.publish([release()], **PUSH)
    hook = remote.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    repo.commit("Nothing rendered")
    outcome = repo.publish([release()], **PUSH)
    assert "the note for promotion tools was not written" in outcome.notes[0]


def test_shallow_clones_publish(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    repo.publish([release()], **PUSH)
    repo.commit("Second")
    repo.git("push", "-q", "origin", "main")
    repo.git("clone", "-q", "--depth=1", "--branch=main", f"file://{remote.path}", str(tmp_path / "shallow"))
    shallow = type(repo)(tmp_path / "shallow")
    # The dates of all commits are one, so that the source cannot be told to be newer without its history.
    outcome = shallow.publish([release(version="v2", content="two")], **PUSH)
    assert remote.git("rev-parse", "rendered") == outcome.commit
    assert remote.git("rev-list", "--count", "rendered") == "2"


@pytest.mark.parametrize("head", ["HEAD", "main", "@"])
def test_source_and_target_differ(repo: Any, head: str) -> None:
    with pytest.raises(CannotTell, match="branch of the sources"):
        require_target(repo.ask, Target("main"), head)


def test_the_remotes_branch_is_the_same_branch(repo: Any, remote: Any) -> None:
    repo.git("fetch", "-q", "origin")
    with pytest.raises(CannotTell, match="branch of the sources"):
        require_target(repo.ask, Target("main"), "origin/main")


@pytest.mark.parametrize("name", ["", "-x", "a..b", "a b", "x.lock", "a\nb"])
def test_no_name_for_a_branch(repo: Any, name: str) -> None:
    with pytest.raises(CannotTell, match="no name for a branch"):
        require_target(repo.ask, Target(name), "HEAD")


def test_a_branch_that_is_checked_out(repo: Any, release: Make, tmp_path: Path, remote: Any) -> None:
    repo.publish([release()])
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "rendered")
    with pytest.raises(CannotTell, match="checked out"):
        require_target(repo.ask, Target("rendered"), "HEAD")
    outcome = repo.publish([release(version="v2", content="two")], **PUSH)
    assert remote.git("rev-parse", "rendered") == outcome.commit
    assert repo.git("rev-parse", "rendered") == outcome.before
