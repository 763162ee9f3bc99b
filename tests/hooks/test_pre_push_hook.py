"""The native hook pre-push: each pushed ref against the branch that it is for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo, metadata, new_repository, stack
from hook_helpers import ADDON, CLASS, METADATA, Said, say

MUST = "clusterStack must be v2: cluster-class changed (class.yaml)"


@pytest.fixture
def clone(tmp_path: Path, root: Path, started: Path) -> GitRepo:
    """A clone with the hooks, on a new branch `topic`; its remote is bare and has `main`."""
    origin = new_repository(tmp_path / "origin.git", bare=True)
    origin.commit(stack())
    repo = GitRepo(tmp_path / "clone")
    origin.git("clone", "--quiet", str(origin.path), str(repo.path))
    repo.git("config", "core.hooksPath", str(root / "hooks"))
    repo.git("checkout", "--quiet", "-b", "topic")
    return repo


def push(repo: GitRepo, *args: str) -> Said:
    return say(repo.path, "git", "push", *args)


def test_a_push_beside_the_stacks_starts_nothing(clone: GitRepo, started: Path) -> None:
    clone.commit({"README.md": "about"}, branch="topic")
    clone.commit({"README.md": "about"}, branch="main")
    clone.git("tag", "v1", "topic")
    assert push(clone, "origin", "topic", "main", "v1").code == 0
    assert push(clone, "origin", "--delete", "topic").code == 0
    assert not started.exists()


def test_a_new_branch_is_judged_against_the_one_it_is_for(clone: GitRepo) -> None:
    clone.commit({CLASS: "a: 2\n"}, branch="topic")
    refused = push(clone, "origin", "topic")
    assert refused.code == 1
    assert "refs/heads/topic: base: origin/main (default branch of the remote)" in refused.text
    assert MUST in refused.text
    assert "(`cluster-stacks bump docker/scs/1-36`)" in refused.text
    clone.commit({METADATA: metadata("v2")}, branch="topic")
    assert push(clone, "origin", "topic").code == 0


def test_a_branch_that_was_pushed_before_is_still_one_change(clone: GitRepo) -> None:
    clone.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="topic")
    assert push(clone, "origin", "topic").code == 0
    clone.commit({CLASS: "a: 3\n"}, branch="topic")
    assert push(clone, "origin", "topic").code == 0
    clone.commit({CLASS: "a: 4\n"}, branch="topic", parent="main")
    assert MUST in push(clone, "--force", "origin", "topic").text


def test_the_default_branch_is_judged_from_old_to_new(clone: GitRepo) -> None:
    clone.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="main")
    assert push(clone, "origin", "main").code == 0
    clone.commit({CLASS: "a: 3\n"}, branch="main")
    refused = push(clone, "origin", "main")
    assert refused.code == 1
    assert "base: origin/main (before the push)" in refused.text
    assert "clusterStack must be v3" in refused.text


def test_what_is_not_checked_out_is_mended_elsewhere(clone: GitRepo) -> None:
    clone.commit({CLASS: "a: 2\n"}, branch="other", parent="main")
    advice = "mend it where other is checked out: `git switch other`"
    assert advice in push(clone, "origin", "other").text
    clone.checkout("other")
    assert "mend it where" not in push(clone, "origin", "other").text


def test_going_back_is_a_change_too(clone: GitRepo) -> None:
    clone.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="main")
    assert push(clone, "origin", "main").code == 0
    clone.git("update-ref", "refs/heads/main", "main~1")
    refused = push(clone, "--force", "origin", "main")
    assert refused.code == 1
    assert "clusterStack must be v3" in refused.text


def test_each_of_several_refs_is_judged(clone: GitRepo, started: Path) -> None:
    clone.commit({CLASS: "a: 2\n"}, branch="one", parent="main")
    clone.commit({ADDON: "a: 2\n"}, branch="two", parent="main")
    clone.commit({"x": "1"}, branch="three", parent="main")
    assert push(clone, "origin", "three:gone").code == 0
    refused = push(clone, "origin", "one", "two", "three", ":gone")
    assert refused.code == 1
    assert all(f"refs/heads/{name}: base" in refused.text for name in ("one", "two"))
    assert "refs/heads/three" not in refused.text
    assert started.read_text().count("hook pre-push") == 1


def test_a_branch_that_counts_for_itself(clone: GitRepo) -> None:
    clone.commit({CLASS: "a: old\n", METADATA: metadata("v5")}, branch="release-1", parent="main")
    assert push(clone, "--no-verify", "origin", "release-1").code == 0
    clone.commit({CLASS: "a: 6\n", METADATA: metadata("v6")}, branch="release-1")
    assert "clusterStack must be v2, not v6" in push(clone, "origin", "release-1").text
    clone.git("config", "--add", "clusterstacks.branch", "release-1")
    assert push(clone, "origin", "release-1").code == 0
    clone.commit({CLASS: "a: 7\n"}, branch="release-1")
    assert "(`cluster-stacks bump docker/scs/1-36 --base origin/release-1`)" in push(clone, "origin", "release-1").text


def test_the_first_push_of_all_is_judged_as_it_stands(clone: GitRepo, tmp_path: Path) -> None:
    clone.git("remote", "remove", "origin")
    for name in ("one", "two"):
        clone.git("remote", "add", name, str(new_repository(tmp_path / name, bare=True).path))
    clone.commit({METADATA: metadata("v7")}, branch="main")
    assert (done := push(clone, "one", "main")).code == 0, done.text
    clone.git("update-ref", "-d", "refs/remotes/one/main")
    clone.commit({METADATA: "broken"}, branch="main")
    refused = push(clone, "two", "main")
    assert refused.code == 1
    assert "refs/heads/main: the push makes main, and nothing is there to compare with" in refused.text


def test_what_the_remote_has_is_not_here(clone: GitRepo, tmp_path: Path) -> None:
    GitRepo(tmp_path / "origin.git").commit({CLASS: "a: 9\n", METADATA: metadata("v2")})
    clone.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="main")
    refused = push(clone, "--force", "origin", "main")
    assert refused.code == 1
    assert "which is not here: run `git fetch origin main`" in refused.text


def test_ones_own_hook_runs_as_well(clone: GitRepo) -> None:
    own = clone.path / ".git/hooks/pre-push"
    own.parent.mkdir(exist_ok=True)
    own.write_text('#!/bin/sh\ncat >"$0.stdin"\necho "$*" >"$0.args"\n[ ! -e "$0.refuse" ]\n')
    own.chmod(0o755)
    clone.commit({"README.md": "about"}, branch="topic")
    assert push(clone, "origin", "topic").code == 0
    assert (own.parent / "pre-push.stdin").read_text().startswith("refs/heads/topic ")
    assert (own.parent / "pre-push.args").read_text().startswith("origin ")
    (own.parent / "pre-push.refuse").touch()
    clone.commit({"README.md": "more"}, branch="topic")
    assert push(clone, "origin", "topic").code == 1


def test_the_command_is_missing(clone: GitRepo) -> None:
    clone.commit({CLASS: "a: 2\n"}, branch="topic")
    refused = say(clone.path, "git", "push", "origin", "topic", env={"CLUSTER_STACKS": "no-such-command"})
    assert refused.code == 1
    assert "no-such-command is not on PATH" in refused.text


def test_what_is_no_hooks_input(clone: GitRepo) -> None:
    said = say(clone.path, "cluster-stacks", "hook", "pre-push", "origin", stdin="what?\n")
    assert (said.code, said.text.count("\n")) == (2, 1)
    assert say(clone.path, "cluster-stacks", "hook", "pre-push", "origin").code == 0


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_they_are_plain_posix_shell(root: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    hooks = sorted((root / "hooks").iterdir())
    assert [hook.name for hook in hooks] == ["pre-commit", "pre-merge-commit", "pre-push", "pre-receive"]
    for hook in hooks:
        assert hook.read_text().startswith("#!/bin/sh\n")
        assert hook.stat().st_mode & 0o111
        assert say(root, shell, "-n", str(hook)) == (0, "")
