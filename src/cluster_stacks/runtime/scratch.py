"""Temporary folders that go away even where the process that made them is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


def _prefix(pid: int) -> str:
    return f"cluster-stacks-{pid}-"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder of this process, removed with all that is in it."""
    with tempfile.TemporaryDirectory(prefix=_prefix(os.getpid())) as folder:
        yield Path(folder)


def remove_scratch_of(pid: int) -> None:
    """Removes what a killed child could not remove itself."""
    for folder in Path(tempfile.gettempdir()).glob(_prefix(pid) + "*"):
        shutil.rmtree(folder, ignore_errors=True)
