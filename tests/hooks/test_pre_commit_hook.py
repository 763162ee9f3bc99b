"""The native hook: one question to git for most commits, the command for the rest."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo, metadata, stack

CLASS = "providers/docker/scs/1-36/cluster-class/class.yaml"
METADATA = "providers/docker/scs/1-36/metadata.yaml"


@pytest.fixture
def repo(git_repo: GitRepo, root: Path) -> GitRepo:
    git_repo.commit(stack())
    git_repo.git("config", "core.hooksPath", str(root / "hooks"))
    return git_repo.checkout()


def commit(repo: GitRepo, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "commit", "--quiet", "-m", "A change", *args], cwd=repo.path, env={**os.environ, **env},
        capture_output=True, text=True, check=False,
    )


def without_the_command(repo: GitRepo) -> dict[str, str]:
    """A PATH on which a marker is left if the command is started."""
    folder = repo.path.parent / "bin"
    folder.mkdir()
    (folder / "cluster-stacks").write_text("#!/bin/sh\ntouch started\n")
    (folder / "cluster-stacks").chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_a_commit_beside_the_stacks_starts_nothing(repo: GitRepo, tmp_path: Path) -> None:
    repo.stage({"README.md": "about", "providers.md": "about"})
    trace = tmp_path / "trace"
    hook = repo.git("config", "core.hooksPath") + "/pre-commit"
    env = {**os.environ, **without_the_command(repo), "GIT_TRACE2_EVENT": str(trace)}
    subprocess.run([hook], cwd=repo.path, env=env, check=True)
    assert trace.read_text().count('"event":"start"') == 1
    assert not (repo.path / "started").exists()


def test_a_change_without_its_versions_is_refused(repo: GitRepo) -> None:
    repo.stage({CLASS: "a: 2\n"})
    refused = commit(repo)
    assert refused.returncode == 1
    assert "clusterStack must be v2: cluster-class changed (class.yaml)" in refused.stdout + refused.stderr
    repo.stage({METADATA: metadata("v2")})
    assert commit(repo).returncode == 0


def test_a_commit_that_only_deletes_is_judged(repo: GitRepo) -> None:
    repo.git("rm", "--quiet", CLASS)
    assert commit(repo).returncode == 1


def test_the_first_commit_of_all(git_repo: GitRepo, root: Path) -> None:
    git_repo.git("config", "core.hooksPath", str(root / "hooks"))
    git_repo.stage(stack("docker/scs/1-36", "v7"))
    assert "clusterStack must be v1: docker/scs/1-36 is a new stack" in commit(git_repo).stderr
    git_repo.stage(stack())
    assert commit(git_repo).returncode == 0


def test_only_what_is_committed_counts(repo: GitRepo) -> None:
    repo.write({CLASS: "a: 2\n", "providers/docker/scs/1-37/metadata.yaml": "broken"}).stage({"README.md": "about"})
    assert commit(repo).returncode == 0
    assert commit(repo, "README.md", CLASS).returncode == 1
    repo.write({METADATA: metadata("v2")})
    assert commit(repo, CLASS, METADATA).returncode == 0


def test_in_a_linked_work_tree(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
    linked = GitRepo(tmp_path / "linked").stage({CLASS: "a: 2\n"})
    assert commit(linked).returncode == 1
    linked.stage({METADATA: metadata("v2")})
    assert commit(linked).returncode == 0


def test_the_command_is_missing(repo: GitRepo) -> None:
    repo.stage({CLASS: "a: 2\n"})
    refused = commit(repo, CLUSTER_STACKS="no-such-command")
    assert refused.returncode != 0
    assert "no-such-command is not on PATH: install cluster-stacks" in refused.stderr


def test_the_command_elsewhere(repo: GitRepo) -> None:
    repo.stage({CLASS: "a: 2\n"})
    other = without_the_command(repo)["PATH"].split(os.pathsep)[0] + "/cluster-stacks"
    assert commit(repo, CLUSTER_STACKS=other).returncode == 0
    assert (repo.path / "started").exists()


def test_it_is_plain_posix_shell(root: Path) -> None:
    hook = root / "hooks" / "pre-commit"
    assert hook.read_text().startswith("#!/bin/sh\n")
    assert os.access(hook, os.X_OK)
    subprocess.run(["sh", "-n", str(hook)], check=True)


def test_ones_own_hook_runs_as_well(repo: GitRepo, tmp_path: Path) -> None:
    own = repo.path / ".git/hooks/pre-commit"
    own.parent.mkdir(exist_ok=True)
    own.write_text('#!/bin/sh\necho "$PWD" >>"$0.ran"\n[ ! -e "$0.refuse" ]\n')
    own.chmod(0o755)
    repo.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
    for where in (repo, GitRepo(tmp_path / "linked")):
        where.stage({"README.md": "about"})
        assert commit(where).returncode == 0
    assert (own.parent / "pre-commit.ran").read_text().split() == [str(repo.path), str(tmp_path / "linked")]
    (own.parent / "pre-commit.refuse").touch()
    repo.stage({"README.md": "more"})
    assert commit(repo).returncode == 1
