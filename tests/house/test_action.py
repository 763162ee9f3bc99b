"""tools/action: the inputs become the arguments of the command."""

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

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PATH": self.path, "RECORD": str(self.record), **variables}
        return subprocess.run(
            ["bash", str(self.script)], cwd=self.folder, env=env, capture_output=True, text=True, check=False
        )

    def arguments(self, **variables: str) -> list[str]:
        done = self.run(**variables)
        assert done.returncode == 0, done.stderr
        return self.record.read_text().splitlines()


def test_the_command_finds_the_base_by_itself(action: Action) -> None:
    assert action.arguments(VERB="check") == ["check", "--format", "github"]


def test_a_named_base_wins(action: Action) -> None:
    assert action.arguments(VERB="check", BASE="v1") == ["check", "--format", "github", "--base", "v1"]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
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
