"""Finds the top-level data folders: bundled into the wheel, or beside `src/` in a checkout."""

from __future__ import annotations

from pathlib import Path

from cluster_stacks.model.errors import CannotTell

_PACKAGE = Path(__file__).resolve().parent.parent


def data_dir(name: str) -> Path:
    """The folder `schemas`, `generators`, `providers`, `hooks` or `policies`. Raises CannotTell where it is missing."""
    for candidate in (_PACKAGE / "_bundled" / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise CannotTell(f"this installation lacks its data folder {name!r}: install cluster-stacks again")
