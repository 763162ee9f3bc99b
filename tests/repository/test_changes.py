"""What changed, as Git sees it, and what is said where it cannot tell."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.changes import RawChange, diff_commits, diff_index, merge_base, parse_raw
from cluster_stacks.repository.git import Git
from gitrepo_plugin import GitRepo, executable, link, new_repository


def told(changes: list[RawChange]) -> dict[str, str]:
    """Path → what became of it."""
    return {
        change.path: "new" if change.old is None else "deleted" if change.new is None
        else "changed" if change.old.mode == change.new.mode else f"{change.old.mode} {change.new.mode}"
        for change in changes
    }


def test_every_way_to_change(git_repo: GitRepo) -> None:
    text = "a text that is long enough for Git to see that it moved\n" * 3
    git_repo.commit({
        "providers/edited": "1", "providers/deleted": "1", "providers/renamed": text, "providers/mode": "1",
        "providers/kind": "1", "README.md": "1",
    })
    git_repo.commit({
        "providers/edited": "2", "providers/deleted": None, "providers/renamed": None, "providers/moved": text,
        "providers/mode": executable("1"), "providers/kind": link("1"), "providers/with\nline": "1", "README.md": "2",
    }, branch="topic", parent="main")
    assert told(diff_commits(Git.discover(git_repo.path), "main", "topic")) == {
        "providers/edited": "changed", "providers/deleted": "deleted", "providers/renamed": "deleted",
        "providers/moved": "new", "providers/mode": "100644 100755", "providers/kind": "100644 120000",
        "providers/with\nline": "new",
    }


def test_what_the_base_did_since_is_no_change(git_repo: GitRepo) -> None:
    git_repo.commit({"providers/a": "1"})
    git_repo.commit({"providers/mine": "1"}, branch="topic", parent="main")
    git_repo.commit({"providers/theirs": "1"})
    assert told(diff_commits(Git.discover(git_repo.path), "main", "topic")) == {"providers/mine": "new"}


@pytest.mark.parametrize("option", ["diff.renames=copies", "diff.relative=true", "diff.ignoreSubmodules=all",
                                    "diff.noprefix=true", "core.quotePath=true", "diff.orderFile=/nonexistent"])
def test_the_users_configuration_does_not_count(git_repo: GitRepo, option: str) -> None:
    text = "a text that is long enough for Git to see that it moved\n" * 3
    git_repo.commit({"providers/a/ä": text})
    git_repo.commit({"providers/a/ä": None, "providers/b": text}, branch="topic", parent="main")
    git_repo.checkout("topic").write({"providers/a/x": ""})
    if "orderFile" not in option:
        git_repo.git("config", *option.split("=", 1))
    found = diff_commits(Git.discover(git_repo.path / "providers" / "a"), "main", "topic")
    assert told(found) == {"providers/a/ä": "deleted", "providers/b": "new"}


def test_the_index_against_head_and_an_unborn_branch(git_repo: GitRepo) -> None:
    git = Git.discover(git_repo.path)
    git_repo.stage({"providers/a": "1"})
    assert told(diff_index(git)) == {"providers/a": "new"}
    assert merge_base_or_none(git, "HEAD") is None
    git_repo.git("commit", "--quiet", "-m", "first")
    assert diff_index(git) == []


def merge_base_or_none(git: Git, base: str) -> str | None:
    try:
        return merge_base(git, base)
    except CannotTell:
        return None


def test_a_merge_in_progress_counts_as_merged(git_repo: GitRepo) -> None:
    git_repo.commit({"providers/a": "1"})
    git_repo.commit({"providers/mine": "1"}, branch="topic", parent="main")
    tip = git_repo.commit({"providers/theirs": "1"})
    git_repo.checkout("topic").git("merge", "--no-commit", "--no-ff", "main")
    git = Git.discover(git_repo.path)
    assert merge_base(git, "main") == tip
    assert told(diff_index(git, merge_base(git, "main"))) == {"providers/mine": "new"}


def test_unknown_commits(git_repo: GitRepo) -> None:
    git_repo.commit({"a": "1"})
    git = Git.discover(git_repo.path)
    for base, head in (("nowhere", "main"), ("main", "nowhere")):
        with pytest.raises(CannotTell, match="unknown revision nowhere: fetch it"):
            diff_commits(git, base, head)
    with pytest.raises(CannotTell, match="unknown revision nowhere"):
        merge_base(git, "nowhere")


def test_no_commit_yet(git_repo: GitRepo) -> None:
    with pytest.raises(CannotTell, match=r"there is no commit yet: .* --staged"):
        diff_commits(Git.discover(git_repo.path), "main", "HEAD")


def test_histories_without_a_common_commit(git_repo: GitRepo) -> None:
    git_repo.commit({"a": "1"})
    git_repo.commit({"a": "2"}, branch="other")
    with pytest.raises(CannotTell, match="main and other have no common history"):
        diff_commits(Git.discover(git_repo.path), "main", "other")


def test_a_shallow_clone_says_how_to_get_the_rest(git_repo: GitRepo, tmp_path: Path) -> None:
    git_repo.commit({"a": "1"})
    git_repo.commit({"a": "2"}, branch="topic", parent="main")
    git_repo.commit({"b": "2"})
    clone = GitRepo(tmp_path / "clone")
    git_repo.git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{git_repo.path}", str(clone.path))
    git = Git.discover(clone.path)
    message = "shallow and lacks the merge base of origin/main and origin/topic: run `git fetch --unshallow`"
    with pytest.raises(CannotTell, match=message):
        diff_commits(git, "origin/main", "origin/topic")
    clone.git("fetch", "--quiet", "--unshallow")
    assert diff_commits(git, "origin/main", "origin/topic") == []


def test_a_bare_repository_can_be_compared(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "bare", bare=True)
    repo.commit({"providers/a": "1"})
    repo.commit({"providers/a": "2"}, branch="topic", parent="main")
    assert told(diff_commits(Git.discover(repo.path), "main", "topic")) == {"providers/a": "changed"}


def test_an_unresolved_merge(git_repo: GitRepo) -> None:
    git_repo.commit({"providers/a": "1"})
    git_repo.commit({"providers/a": "2"}, branch="other", parent="main")
    git_repo.commit({"providers/a": "3"})
    git_repo.checkout().git("merge", "other", ok=1)
    with pytest.raises(CannotTell, match="unresolved merge at providers/a"):
        diff_index(Git.discover(git_repo.path))


def test_names_that_are_no_utf_8() -> None:
    (change,) = parse_raw(b":000000 100644 " + b"0" * 40 + b" " + b"1" * 40 + b" A\0providers/\xff\0")
    assert os.fsencode(change.path) == b"providers/\xff"
