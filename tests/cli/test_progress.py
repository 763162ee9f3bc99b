"""A bar in a terminal, after a second, and no trace of it at the end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo
from small_stack import files

SLOW = """
import time
from cluster_stacks.cli import _progress, main
_progress.AFTER = {after}
main.run(["validate", "--all", "--engine", "embedded", *{options}])
"""


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit({**files(), **files("1-37"), **files("1-38")})
    return git_repo.checkout()


def seen(folder: Path, after: float, *options: str) -> tuple[str, str]:
    """Standard output, and what a terminal gets as standard error."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    command = [sys.executable, "-c", SLOW.format(after=after, options=options)]
    with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        assert process.stdout is not None
        out = process.stdout.read()
    told = b""
    try:
        while part := os.read(ours, 65536):
            told += part
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    return out.decode(), told.decode()


def test_long_work_has_a_bar_and_leaves_nothing(repo: GitRepo) -> None:
    out, told = seen(repo.path, -1)
    assert "rendering" in told
    assert "3/3" in told
    _, erased, after = told.rpartition("\r\x1b[2K")
    assert erased
    assert "rendering" not in after
    assert "judged" in after
    assert "rendering" not in out


def test_short_work_has_none(repo: GitRepo) -> None:
    assert "rendering" not in seen(repo.path, 600)[1]


def test_quiet_work_has_none(repo: GitRepo) -> None:
    assert seen(repo.path, -1, "--quiet")[1] == ""


def test_without_a_terminal_there_is_none(repo: GitRepo) -> None:
    command = [sys.executable, "-c", SLOW.format(after=-1, options=())]
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=False)
    assert "rendering" not in done.stderr
    assert "judged" in done.stderr
