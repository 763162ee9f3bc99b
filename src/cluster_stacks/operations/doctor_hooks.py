"""What judges a change in this clone before it leaves: hooks, and the merge driver."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cluster_stacks.operations.diagnosis import Line, State
from cluster_stacks.operations.install_driver import EXAMPLE, NAME
from cluster_stacks.repository.git import Git
from cluster_stacks.runtime.data import data_dir

_CONFIG = ".pre-commit-config.yaml"
_NATIVE = 'git config core.hooksPath "$(cluster-stacks --hooks-path)"'
_INSTALL = "cluster-stacks merge-driver --install"


def hooks(git: Git) -> Iterator[Line]:
    """Whether some hook runs this tool, and whether git merges versions by it."""
    yield _hooks(git)
    yield _driver(git)


def _hooks(git: Git) -> Line:
    configured = _config(git, "core.hooksPath")
    if configured:
        folder = (git.top or git.cwd) / Path(configured).expanduser()
        if not folder.is_dir():
            return Line("hooks", State.WRONG, f"core.hooksPath names {configured}, which is not there", _NATIVE)
        if folder.resolve() == data_dir("hooks").resolve() or _runs_us(folder / "pre-commit"):
            return Line("hooks", State.OK, f"native ones, from {configured}")
    if git.top and _mentions(git.top / _CONFIG, b"cluster-stacks"):
        folder = git.cwd / os.fsdecode(git.run("rev-parse", "--git-path", "hooks")).rstrip("\n")
        if (folder / "pre-commit").exists():
            return Line("hooks", State.OK, f"by pre-commit ({_CONFIG})")
        return Line("hooks", State.MISSING, f"{_CONFIG} names them, and they are not installed here",
                    "pre-commit install")
    return Line("hooks", State.MISSING, "nothing checks a commit in this clone", _NATIVE)


def _driver(git: Git) -> Line:
    command = _config(git, f"merge.{NAME}.driver")
    selected = os.fsdecode(git.run("check-attr", "merge", "--", EXAMPLE)).rstrip("\n").endswith(f": {NAME}")
    if command and selected:
        return Line("merge driver", State.OK, f"git merges metadata.yaml by `{command}`")
    if selected:
        text = "attributes select it, and this clone does not know it: git merges metadata.yaml as text"
        return Line("merge driver", State.MISSING, text, _INSTALL)
    return Line("merge driver", State.MISSING, "git merges metadata.yaml as text", _INSTALL)


def _config(git: Git, key: str) -> str:
    return os.fsdecode(git.run("config", "--get", key, ok=(0, 1))).rstrip("\n")


def _runs_us(hook: Path) -> bool:
    return _mentions(hook, b"cluster-stacks") or _mentions(hook, b"cluster_stacks")


def _mentions(file: Path, word: bytes) -> bool:
    return file.is_file() and word in file.read_bytes()
