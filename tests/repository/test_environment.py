"""Which of a hook's variables git gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.repository.environment import git_environment, with_network
from gitrepo_plugin import GitRepo, new_repository


def test_a_hooks_variables_count_for_its_own_repository(git_repo: GitRepo) -> None:
    environ = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/next-index-1.lock", "PATH": "/bin"}
    cwd, env = git_environment(environ, git_repo.path, git_repo.path)
    assert cwd == git_repo.path
    assert env["GIT_DIR"] == str(git_repo.path / ".git")
    assert env["GIT_INDEX_FILE"] == str(git_repo.path / ".git/next-index-1.lock")


def test_a_folder_of_the_repository_is_still_that_repository(git_repo: GitRepo) -> None:
    below = git_repo.write({"a/b": ""}).path / "a"
    cwd, env = git_environment({"GIT_DIR": ".git", "GIT_INDEX_FILE": "x"}, git_repo.path, below)
    assert cwd == git_repo.path, "with GIT_DIR set, the current folder is taken for the root of the work tree"
    assert "GIT_INDEX_FILE" in env


def test_they_are_dropped_for_every_other_repository(git_repo: GitRepo, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other").path
    cwd, env = git_environment({"GIT_DIR": ".git", "GIT_INDEX_FILE": "x", "GIT_WORK_TREE": "."}, git_repo.path, other)
    assert cwd == other
    assert not {"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"} & env.keys()


def test_a_merge_in_another_repository_does_not_count(git_repo: GitRepo, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other").path
    environ = {"GIT_PREFIX": "", f"GITHEAD_{'1' * 40}": "topic"}
    assert f"GITHEAD_{'1' * 40}" in git_environment(environ, git_repo.path, git_repo.path)[1]
    assert f"GITHEAD_{'1' * 40}" not in git_environment(environ, git_repo.path, other)[1]


def test_only_what_is_meant_to_uses_the_network(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    _, env = git_environment({"GIT_ALLOW_PROTOCOL": "https"}, git_repo.path, git_repo.path)
    assert (env["GIT_ALLOW_PROTOCOL"], env["GIT_NO_LAZY_FETCH"]) == ("none", "1")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "https")
    assert with_network(env)["GIT_ALLOW_PROTOCOL"] == "https"
    monkeypatch.delenv("GIT_ALLOW_PROTOCOL")
    assert "GIT_ALLOW_PROTOCOL" not in with_network(env)


def test_what_changes_the_meaning_of_arguments_never_counts(git_repo: GitRepo) -> None:
    environ = {"GIT_LITERAL_PATHSPECS": "1", "GIT_EXTERNAL_DIFF": "rm", "LC_ALL": "de_DE.UTF-8"}
    _, env = git_environment(environ, git_repo.path, git_repo.path)
    assert not {"GIT_LITERAL_PATHSPECS", "GIT_EXTERNAL_DIFF"} & env.keys()
    assert env["LC_ALL"] == "C"
