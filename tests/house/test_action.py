"""tools/action: what an event says becomes the arguments of the command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

RECORDER = """#!/bin/sh
printf '%s\\n' "$@" >"$RECORD"
env >"$RECORD.env"
"""


@pytest.fixture
def action(root: Path, tmp_path: Path) -> Action:
    return Action(root / "tools" / "action", tmp_path)


class Action:
    """The script in a repository of two commits, with a command that only records how it was called."""

    def __init__(self, script: Path, folder: Path) -> None:
        self.script, self.folder, self.record = script, folder / "repository", folder / "record"
        command = folder / "bin" / "cluster-stacks"
        command.parent.mkdir()
        command.write_text(RECORDER)
        command.chmod(0o755)
        self.path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
        self.folder.mkdir()
        for arguments in (["init", "--quiet"], *(["commit", "--quiet", "--allow-empty", "-m", m] for m in "ab")):
            subprocess.run(["git", *arguments], cwd=self.folder, check=True)

    @property
    def before(self) -> str:
        return self.commit("HEAD^")

    def commit(self, rev: str) -> str:
        return subprocess.check_output(["git", "rev-parse", rev], cwd=self.folder, text=True).strip()

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PATH": self.path, "RECORD": str(self.record), **variables}
        return subprocess.run(
            ["bash", str(self.script)], cwd=self.folder, env=env, capture_output=True, text=True, check=False
        )

    def arguments(self, **variables: str) -> list[str]:
        done = self.run(**variables)
        assert done.returncode == 0, done.stderr
        return self.record.read_text().splitlines()


def checked(base: str) -> list[str]:
    return ["check", "--format", "github", "--base", base, "--target", base, "--head", "HEAD"]


def test_a_pull_request_is_compared_with_the_tip_of_its_target(action: Action) -> None:
    found = action.arguments(VERB="check", GITHUB_EVENT_NAME="pull_request", GITHUB_BASE_REF="main")
    assert found == checked("origin/main")
    assert action.commit("origin/main") == action.before


def test_a_merge_group_names_its_base(action: Action) -> None:
    found = action.arguments(VERB="check", GITHUB_EVENT_NAME="merge_group", MERGE_GROUP_BASE="abc")
    assert found == checked("abc")


def test_a_push_is_compared_with_what_was_there(action: Action) -> None:
    found = action.arguments(VERB="check", GITHUB_EVENT_NAME="push", EVENT_BEFORE=action.before)
    assert found == checked(action.before)


def test_a_named_base_wins(action: Action) -> None:
    assert action.arguments(VERB="check", GITHUB_EVENT_NAME="schedule", BASE="v1") == checked("v1")


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"VERB": "check", "GITHUB_EVENT_NAME": "push", "EVENT_BEFORE": "0" * 40}, "the push made the branch"),
        ({"VERB": "check", "GITHUB_EVENT_NAME": "push", "EVENT_BEFORE": "1" * 40}, "fetch-depth 0"),
        ({"VERB": "check", "GITHUB_EVENT_NAME": "schedule"}, "name the input base"),
        ({"VERB": "delete"}, "must be check, validate or publish"),
        ({}, "must be check, validate or publish"),
    ],
)
def test_what_cannot_be_told_is_never_a_pass(action: Action, variables: dict[str, str], says: str) -> None:
    done = action.run(**variables)
    assert done.returncode == 2
    assert says in done.stderr
    assert not action.record.exists()


def test_stacks_are_words_and_never_code(action: Action) -> None:
    found = action.arguments(VERB="validate", STACKS="docker/scs $(touch x) `touch x`")
    assert found == ["validate", "--format", "github", "docker/scs", "$(touch", "x)", "`touch", "x`"]
    assert not (action.folder / "x").exists()


def test_without_stacks_all_are_validated(action: Action) -> None:
    assert action.arguments(VERB="validate") == ["validate", "--format", "github"]


def test_the_token_reaches_git_alone_and_is_masked(action: Action) -> None:
    done = action.run(VERB="publish", BRANCH="out", TOKEN="secret", GITHUB_SERVER_URL="https://git.example")
    assert done.returncode == 0, done.stderr
    assert action.record.read_text().splitlines() == ["publish", "--push", "--branch", "out"]
    environment = action.record.with_name("record.env").read_text().splitlines()
    assert "GIT_CONFIG_KEY_0=http.https://git.example/.extraheader" in environment
    assert not [line for line in environment if line.startswith("TOKEN=")]
    assert done.stdout.startswith("::add-mask::")
    assert "secret" not in (action.folder / ".git" / "config").read_text()
