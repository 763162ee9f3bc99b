"""tools/action: the inputs become the arguments of the command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

RECORDER = """#!/bin/sh
printf '%s\\n' "$@" >"$RECORD"
env >"$RECORD.env"
printf '%s\\n' "$SAYS"
exit "${ENDS:-0}"
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
    assert action.arguments(VERB="check") == ["check", "--report", "github"]


def test_a_named_base_wins(action: Action) -> None:
    assert action.arguments(VERB="check", BASE="v1") == ["check", "--base", "v1", "--report", "github"]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"VERB": "delete"}, "it must be check, validate, diff"),
        ({}, "it must be check, validate, diff"),
    ],
)
def test_what_cannot_be_told_is_never_a_pass(action: Action, variables: dict[str, str], says: str) -> None:
    done = action.run(**variables)
    assert done.returncode == 2
    assert says in done.stderr
    assert not action.record.exists()


def test_stacks_are_words_and_never_code(action: Action) -> None:
    found = action.arguments(VERB="validate", STACKS="docker/scs $(touch x) `touch x`")
    assert found == ["validate", "--report", "github", "docker/scs", "$(touch", "x)", "`touch", "x`"]
    assert not (action.folder / "x").exists()


def test_without_stacks_all_are_validated(action: Action) -> None:
    assert action.arguments(VERB="validate") == ["validate", "--report", "github"]


def test_the_token_reaches_git_alone_and_is_masked(action: Action) -> None:
    done = action.run(VERB="publish", BRANCH="out", TOKEN="secret", GITHUB_SERVER_URL="https://git.example")
    assert done.returncode == 0, done.stderr
    assert action.record.read_text().splitlines() == ["publish", "--push", "--branch", "out", "--format", "github"]
    environment = action.record.with_name("record.env").read_text().splitlines()
    assert "GIT_CONFIG_KEY_0=http.https://git.example/.extraheader" in environment
    assert not [line for line in environment if line.startswith("TOKEN=")]
    assert done.stdout.startswith("::add-mask::")
    assert "secret" not in (action.folder / ".git" / "config").read_text()


def test_reports_and_the_part_of_a_comment(action: Action) -> None:
    assert action.arguments(VERB="validate", REPORTS="out", COMMENT="said") == [
        "validate", "--report", "github", "--report", "sarif=out/validate.sarif", "--report", "junit=out/validate.xml",
        "--report", "html=out/validate.html", "--report", "markdown=said/2-validate.md",
    ]


def test_a_diff_goes_to_the_summary_and_into_the_comment(action: Action, tmp_path: Path) -> None:
    summary, said = tmp_path / "summary.md", tmp_path / "said"
    variables = {"VERB": "diff", "COMMENT": str(said), "GITHUB_STEP_SUMMARY": str(summary), "SAYS": "### all is well"}
    assert action.arguments(**variables) == ["diff", "--format", "markdown"]
    assert summary.read_text() == (said / "3-diff.md").read_text() == "### all is well\n"


@pytest.mark.parametrize("verb", ["diff", "plan", "check", "render", "publish"])
def test_its_exit_code_is_that_of_the_command(action: Action, tmp_path: Path, verb: str) -> None:
    assert action.run(VERB=verb, ENDS="2", GITHUB_OUTPUT=str(tmp_path / "output")).returncode == 2


@pytest.mark.parametrize(("matrix", "shards"), [
    ('{"include":[{"shard":"2/3","stacks":4},{"shard":"3/3","stacks":2}]}', 2), ('{"include":[]}', 0),
])
def test_a_plan_says_how_many_jobs_it_takes(action: Action, tmp_path: Path, matrix: str, shards: int) -> None:
    output = tmp_path / "output"
    found = action.arguments(VERB="plan", SHARD="3", SAYS=matrix, GITHUB_OUTPUT=str(output))
    assert found == ["plan", "--format", "github-matrix", "--shards", "3"]
    assert output.read_text() == f"matrix={matrix}\nshards={shards}\n"


def test_the_bundles_of_all_shards_are_published(action: Action, tmp_path: Path) -> None:
    for name in ("two shards/b", "one/a"):
        (tmp_path / "bundles" / name).parent.mkdir(parents=True)
        (tmp_path / "bundles" / name).touch()
    folder = str(tmp_path / "bundles")
    found = action.arguments(VERB="publish", BUNDLES=folder)
    assert found == ["publish", "--push", "--from", f"{folder}/one/a", "--from", f"{folder}/two shards/b",
                     "--format", "github"]


def test_no_bundle_is_no_reason_to_render_here(action: Action, tmp_path: Path) -> None:
    (tmp_path / "bundles").mkdir()
    done = action.run(VERB="publish", BUNDLES=str(tmp_path / "bundles"))
    assert (done.returncode, "holds no file of a shard" in done.stderr) == (2, True)


@pytest.mark.parametrize("verb", ["preview", "preview-delete"])
def test_a_preview_has_a_name(action: Action, verb: str) -> None:
    found = action.arguments(VERB=verb, PREVIEW="pr-7")
    assert found == ["publish", "--push", f"--{verb}", "pr-7", "--format", "github"]
    assert action.run(VERB=verb).returncode == 2
