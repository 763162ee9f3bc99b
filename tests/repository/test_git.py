"""Asking git: where, with which environment, and what is said where it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.git import Git, _words, safe_revision, unknown_revision
from cluster_stacks.runtime.process import ProcessFailed
from gitrepo_plugin import GitRepo, new_repository


def test_the_root_of_the_work_tree_is_found_from_below(git_repo: GitRepo) -> None:
    git_repo.write({"a/b/c": ""})
    assert Git.discover(git_repo.path / "a" / "b").top == git_repo.path.resolve()


def test_a_bare_repository_has_no_work_tree(tmp_path: Path) -> None:
    assert Git.discover(new_repository(tmp_path / "bare", bare=True).path).top is None


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match="this is no Git repository: stand in one, or name it with --repo"):
        _ = Git.discover(tmp_path).top


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match="is no folder"):
        Git.discover(tmp_path / "nothing")


def test_git_itself_is_missing(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotTell, match="cannot run git"):
        Git.discover(git_repo.path).run("status")


def test_a_failure_is_one_line_of_gits_own_words(git_repo: GitRepo) -> None:
    with pytest.raises(CannotTell, match=r"^git ls-tree: Not a valid object name nowhere$"):
        Git.discover(git_repo.path).run("ls-tree", "nowhere")


def test_commits_by_name(git_repo: GitRepo) -> None:
    first = git_repo.commit({"a": "1"})
    git_repo.git("tag", "-a", "-m", "a tag", "v1", first)
    git = Git.discover(git_repo.path)
    assert [git.commit(name) for name in ("main", "HEAD", "v1", first, first[:12])] == [first] * 5


@pytest.mark.parametrize("name", ["nowhere", "1" * 40, "HEAD~1", "a-blob"])
def test_a_name_of_no_commit(git_repo: GitRepo, name: str) -> None:
    git_repo.commit({"a": "1"})
    git_repo.git("tag", "a-blob", "HEAD:a")
    git = Git.discover(git_repo.path)
    assert git.find_commit(name) is None
    with pytest.raises(CannotTell, match="unknown revision"):
        git.commit(name)


@pytest.mark.parametrize("revision", ["", "--output=x", "-h", "a b", "a..b", "HEAD:a", "a\nb"])
def test_a_revision_is_never_an_option_nor_several(revision: str) -> None:
    with pytest.raises(CannotTell, match="names no commit"):
        safe_revision(revision)


def test_advice_for_an_unknown_revision() -> None:
    assert "`git fetch upstream next`" in unknown_revision("upstream/next")
    assert "`git fetch origin next`" in unknown_revision("next")
    assert "zero id" in unknown_revision("0" * 40)


@pytest.mark.parametrize(("argv", "verb"), [
    (["-c", "a.b=c", "read-tree", "x"], "read-tree"), (["-c", "a.b", "read-tree"], "read-tree"),
    (["-C", "/x", "log"], "log"), (["--literal-pathspecs", "ls-files", "-z"], "ls-files"), (["--version"], "--version"),
])
def test_an_error_names_the_command_of_git(argv: list[str], verb: str) -> None:
    assert _words(ProcessFailed(["git", *argv], 3, "")) == f"git {verb}: ended with 3"


@pytest.mark.parametrize("revision", ["HEAD~5", "main^", "main@{1}"])
def test_a_revision_that_cannot_be_fetched_is_told_as_such(revision: str) -> None:
    assert "git fetch origin" not in unknown_revision(revision)
    assert "`git fetch --unshallow`" in unknown_revision(revision)
