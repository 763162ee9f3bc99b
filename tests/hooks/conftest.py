"""The command of this checkout, first on PATH, as hooks start it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hook_helpers import put_on_path


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that has a line for each start of the command."""
    file = put_on_path(tmp_path / "command")
    monkeypatch.setenv("PATH", f"{file.parent}{os.pathsep}{os.environ['PATH']}")
    return file
