"""A published release, read from a rendered branch."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.contents import Contents, read_contents
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.rules import BRANCH_FILE, refused
from cluster_stacks.repository.snapshot import CommitSnapshot


def read_published(branch: Branch, stack: StackId, version: Version) -> Contents:
    """A release whose folder is there. Raises Refused for one that was damaged."""
    folder = layout.release_folder(stack, version)
    files = dict(_files(branch, folder))
    if layout.RELEASE_FILE not in files:
        raise refused(BRANCH_FILE, f"{folder} lost its release.json: restore it from the branch's history", folder)
    facts = ReleaseFacts.from_json(files[layout.RELEASE_FILE], f"{folder}/{layout.RELEASE_FILE}")
    unit = dict(_files(branch, layout.unit_folder(stack, facts.images.unit))) if facts.images else {}
    try:
        return read_contents(files, unit)
    except KeyError as error:
        message = f"{error.args[0]} is gone from {folder} or its node images: restore it from the branch's history"
        raise refused(BRANCH_FILE, message, folder) from error


def _files(branch: Branch, folder: str) -> Iterator[tuple[str, bytes]]:
    snapshot = CommitSnapshot(branch.git, branch.commit or "HEAD")
    for entry, data in snapshot.read(snapshot.entries(folder)):
        yield entry.path.removeprefix(f"{folder}/"), data
