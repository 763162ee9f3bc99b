"""Puts new files into the work tree: all of them or none, and never in the place of others."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.edits import replace
from cluster_stacks.repository.paths import shown
from cluster_stacks.runtime.files import umask


@dataclass(frozen=True, slots=True)
class NewFile:
    """What a file will be: its bytes, and Git's mode; those of a symbolic link are its target."""

    data: bytes
    mode: str = "100644"


@dataclass(frozen=True, slots=True)
class Plan:
    """A folder that is made whole, with its files by their paths in it; and single files, by their paths from the top.

    Of `edits` those that are there already get new bytes, the others are made.
    """

    folder: str
    files: Mapping[str, NewFile]
    edits: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        """All files that are written, from the top."""
        return tuple(sorted((*(f"{self.folder}/{path}" for path in self.files), *self.edits)))


def create(top: Path, plan: Plan, verify: Callable[[], None]) -> None:
    """Carries out `plan`. Where `verify`, which is called when all is in place, raises, all is as it was.

    The folder comes into being by one rename, so that no reader sees half of it. Raises CannotTell where something
    stands in its place, or where the way there leads through a symbolic link.
    """
    folder = top / plan.folder
    _require_free(top, plan.folder)
    before = {path: (top / path).read_bytes() if (top / path).exists() else None for path in plan.edits}
    made = _make_folders(folder.parent)
    try:
        _place(plan, folder)
        try:
            for path, data in plan.edits.items():
                _write(top / path, data)
            verify()
        except BaseException:
            for path, old in before.items():
                _restore(top / path, old)
            shutil.rmtree(folder)
            raise
    except BaseException:
        for each in reversed(made):
            each.rmdir()
        raise


def _place(plan: Plan, folder: Path) -> None:
    """The folder, made under another name first: one with a dot, which nothing takes for a stack."""
    staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    try:
        for path, file in plan.files.items():
            target = staging / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.mode == "120000":
                target.symlink_to(os.fsdecode(file.data))
                continue
            target.write_bytes(file.data)
            target.chmod(_permissions(file))
        staging.chmod(0o777 & ~umask())
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _permissions(file: NewFile) -> int:
    return (0o777 if file.mode == "100755" else 0o666) & ~umask()


def _require_free(top: Path, folder: str) -> None:
    where = top
    for part in folder.split("/"):
        where /= part
        if where.is_symlink():
            raise CannotTell(f"{shown(where.relative_to(top).as_posix())} is a symbolic link: make it a folder")
        if where != top / folder and where.exists() and not where.is_dir():
            raise CannotTell(f"{shown(where.relative_to(top).as_posix())} is a file where a folder must be: move it")
    if where.exists():
        raise CannotTell(f"{shown(folder)} is there already, and nothing is ever overwritten: choose another name")


def _make_folders(folder: Path) -> list[Path]:
    """Those that were missing, outermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()][::-1]
    for each in missing:
        each.mkdir()
    return missing


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        replace(path, data)
    else:
        path.write_bytes(data)


def _restore(path: Path, old: bytes | None) -> None:
    if old is None:
        path.unlink(missing_ok=True)
    elif path.read_bytes() != old:
        replace(path, old)
