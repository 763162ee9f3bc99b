"""What docs/ci/ shows is run, in a clone with the variables that a pipeline gives; nothing is installed by pip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from gitrepo_plugin import GitRepo

CHANGED = "providers/docker/scs/shared/cluster-addon/cilium/values.yaml"


@pytest.fixture
def clone(git_repo: GitRepo, root: Path, tmp_path: Path) -> Path:
    """A clone of a repository with the docker stacks, on a branch that changes an addon and no version."""
    stacks = root / "providers" / "docker"
    git_repo.commit({str(path.relative_to(root)): path.read_bytes() for path in stacks.rglob("*") if path.is_file()})
    folder = tmp_path / "clone"
    git(git_repo.path, "clone", "--quiet", str(git_repo.path), str(folder))
    git(folder, "checkout", "--quiet", "-b", "topic")
    with (folder / CHANGED).open("a") as file:
        file.write("# changed\n")
    git(folder, "commit", "--quiet", "--all", "--message", "Change")
    return folder


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    pip = tmp_path / "bin" / "pip"
    pip.parent.mkdir()
    pip.write_text("#!/bin/sh\nexit 0\n")
    pip.chmod(0o755)
    path = os.pathsep.join([str(pip.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path}


def script(root: Path, job: str) -> str:
    """The commands of a GitLab job, as a runner strings them together."""
    document = yaml.safe_load((root / "docs" / "ci" / "gitlab.yml").read_text())
    return "set -e\n" + "\n".join(document[job]["script"])


def test_any_ci(root: Path, clone: Path, env: dict[str, str]) -> None:
    command = ["bash", str(root / "docs" / "ci" / "any.sh")]
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert {path.name for path in (clone / "reports").iterdir()} == {"check.xml", "validate.xml"}
    bump(clone, env)
    env["PUBLISH"] = "1"
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rendered" in git(clone, "ls-remote", "--heads", "origin")


def test_gitlab(root: Path, clone: Path, env: dict[str, str]) -> None:
    env = {
        **env, "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_PROJECT_DIR": str(clone),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "main",
        "CI_COMMIT_SHA": git(clone, "rev-parse", "HEAD"),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(clone, "rev-parse", "main"),
        "CI_SERVER_URL": "https://gitlab.example", "PUBLISH_TOKEN": "secret",
    }
    command = ["bash", "-c", script(root, "stacks")]
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    for name in ("check.json", "check.xml", "validate.json", "validate.xml", "diff.md"):
        assert (clone / name).is_file()
    bump(clone, env)
    env["CI_COMMIT_SHA"] = git(clone, "rev-parse", "HEAD")
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    command = ["bash", "-c", script(root, "publish stacks")]
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "secret" not in (clone / ".git" / "config").read_text()
    assert "rendered" in git(clone, "ls-remote", "--heads", "origin")


def bump(clone: Path, env: dict[str, str]) -> None:
    subprocess.run(["cluster-stacks", "bump"], cwd=clone, env=env, check=True, capture_output=True)
    git(clone, "commit", "--quiet", "--all", "--message", "Bump")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()
