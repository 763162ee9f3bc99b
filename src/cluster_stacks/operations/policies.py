"""The policies that a repository holds its objects to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cluster_stacks.model.settings import Settings
from cluster_stacks.repository.snapshot import Snapshot, WorktreeSnapshot
from cluster_stacks.validation.policies.files import load_policies
from cluster_stacks.validation.policies.policy import Policy

SUFFIXES = (".yaml", ".yml")


def policies_of(snapshot: Snapshot, settings: Settings) -> tuple[Policy, ...]:
    """Those of a snapshot, and those that come with the tool. Raises Refused for what cannot be read or compiled."""
    if isinstance(snapshot, WorktreeSnapshot):
        return policies_in(snapshot.git.top, settings)  # on disk as they are, before they are added to Git
    folders = settings.policies.folders
    entries = [
        entry for entry in snapshot.entries(*folders)
        if entry.mode.startswith("100") and _is_policy(entry.path, folders)
    ]
    files = sorted((entry.path, data) for entry, data in snapshot.read(entries))
    return load_policies(files, settings.policies.disabled)


def policies_in(top: Path | None, settings: Settings) -> tuple[Policy, ...]:
    """Those of a work tree, None where there is none, and those that come with the tool. Raises as `policies_of`."""
    return load_policies(_files(top, settings) if top else (), settings.policies.disabled)


def _files(top: Path, settings: Settings) -> Iterator[tuple[str, bytes]]:
    for folder in settings.policies.folders:
        for path in sorted((top / folder).glob("*")):
            name = f"{folder}/{path.name}"
            if _is_policy(name, (folder,)) and path.is_file() and not path.is_symlink():
                yield name, path.read_bytes()


def _is_policy(path: str, folders: tuple[str, ...]) -> bool:
    return path.rpartition("/")[0] in folders and path.endswith(SUFFIXES)
