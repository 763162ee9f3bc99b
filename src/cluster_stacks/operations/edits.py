"""Writes edited metadata.yaml files: to disk, and to the index."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.source import Entry
from cluster_stacks.repository.git import Git
from cluster_stacks.runtime.files import put
from cluster_stacks.runtime.uninterrupted import uninterrupted
from cluster_stacks.versioning.bump import Edits, bumped


class Edit(Protocol):
    """A file, which of its versions become which, and its bytes as they will be in Git."""

    @property
    def path(self) -> str: ...
    @property
    def versions(self) -> Edits: ...
    @property
    def after(self) -> bytes: ...


def write(git: Git, entries: Sequence[Entry], edits: Sequence[Edit], *, index: bool) -> None:
    """Every edit is made in memory before the first is written; `entries` are those of the files before.

    With `index` that is written, and a file only where it has no other edits. An interruption comes before or after all
    of it.
    """
    top = git.top
    if top is None and not index:
        raise CannotTell("a bare repository has no files to bump: work in a clone of it")
    busy = edited_on_disk(git, edits) if index and top else set()
    files = {top / edit.path: edit for edit in edits if top and edit.path not in busy}
    # As they are on disk, where line ends may differ from what Git stores. A link is never written through.
    contents = {
        path: bumped(path.read_bytes(), edit.versions, edit.path)
        for path, edit in files.items()
        if path.is_file() and not path.is_symlink()
    }
    rows = _rows(git, edits, {entry.path: entry for entry in entries}) if index else b""
    with uninterrupted():
        if index:
            git.run("update-index", "-z", "--index-info", stdin=rows)
        for path, data in contents.items():
            replace(path, data)


def edited_on_disk(git: Git, edits: Sequence[Edit]) -> set[str]:
    """Those files that differ from the index: someone is at work on them."""
    return _differing(git, edits)


def edited_in_index(git: Git, edits: Sequence[Edit]) -> set[str]:
    """Those files whose staged content differs from HEAD."""
    return _differing(git, edits, "--cached")


def _differing(git: Git, edits: Sequence[Edit], *options: str) -> set[str]:
    paths = [f":(top,literal){edit.path}" for edit in edits]
    output = git.run("diff", *options, "--name-only", "-z", "--no-relative", "--no-ext-diff", "--", *paths)
    return {os.fsdecode(path) for path in output.split(b"\0") if path}


def _rows(git: Git, edits: Sequence[Edit], entries: Mapping[str, Entry]) -> bytes:
    """What `git update-index --index-info` reads; the new contents are objects by then."""
    rows = []
    for edit in edits:
        oid = git.run("hash-object", "-w", "--stdin", stdin=edit.after).decode().strip()
        rows.append(f"{entries[edit.path].mode} {oid}\t{edit.path}\0")
    return "".join(rows).encode()


def replace(path: Path, data: bytes) -> None:
    """Puts a new file in the place of one, with its mode, so that no reader sees half of it."""
    put(path, data, path.stat().st_mode & 0o7777)
