"""The form of single files: metadata.yaml, overlay.yaml and the settings, as they are on disk.

Where pre-commit judges commits (`--from-ref`, `--to-ref`, a push) it still names files on disk, which may be those of
another branch: then they are read from the last of the commits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cluster_stacks.documents.syntax import remarks
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import SETTINGS_PATH
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.settling import problems_in
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.overlay import parse_overlay
from cluster_stacks.repository.paths import METADATA, OVERLAY, place_of
from cluster_stacks.repository.settings import parse_settings

Reader = Callable[[str], bytes | None]
"""Gives the bytes of a file by its name; None for one that is not there any more."""


def reader(repo: Path, environ: Mapping[str, str] | None = None) -> Reader:
    """What reads the files: from disk, or from the commit that pre-commit names."""
    environ = os.environ if environ is None else environ
    commit = environ.get("PRE_COMMIT_TO_REF", "") if environ.get("PRE_COMMIT_FROM_REF") else ""
    if not commit:
        return lambda name: _on_disk(repo, name)
    from cluster_stacks.repository.git import Git
    from cluster_stacks.repository.snapshot import CommitSnapshot

    snapshot = CommitSnapshot(Git.discover(repo, environ), commit)

    def read(name: str) -> bytes | None:
        entries = [entry for entry in snapshot.entries(name) if entry.path == name and not entry.is_submodule]
        return next((data for _, data in snapshot.read(entries)), None)

    return read


def _on_disk(repo: Path, name: str) -> bytes:
    try:
        return (repo / name).read_bytes()
    except OSError as error:
        raise CannotTell(f"cannot read {name}: {error.strerror}") from error


def check_files(repo: Path, paths: Sequence[Path], read: Reader | None = None) -> list[Finding]:
    """What is wrong with the form of these files (relative to `repo`). Others are passed over.

    Raises CannotTell for a file that cannot be read.
    """
    read = read or reader(repo)
    found: list[Finding] = []
    for path in paths:
        name = path.as_posix().removeprefix("./")
        data = read(name)
        if data is None:
            continue
        try:
            _parse(name, data)
            found += remarks(data, name)
        except Refused as refused:
            found += refused.findings
    return found


def _parse(path: str, data: bytes) -> None:
    if path == SETTINGS_PATH:
        findings = problems_in(data, parse_settings(data, path), None)
        if findings:
            raise Refused(*findings)
    place = place_of(path)
    stack: StackId | None = place.stack if place else None
    if place is None or stack is None:
        return
    if place.key == METADATA:
        parse_metadata(data, path, stack)
    elif place.key == OVERLAY:
        parse_overlay(data, path, stack)
