"""Tells by Git's own ids that a stack's source is one that was seen before, without reading it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

from cluster_stacks.model.stack import PROVIDERS, StackId
from cluster_stacks.repository.git import Git

_FORMAT = b"cluster-stacks source key 1\0"
"""Moves when the same folders could make another source digest: then nothing that was seen before counts."""


def source_keys(git: Git, commit: str, stacks: Iterable[StackId]) -> dict[StackId, str]:
    """For each stack of a commit, 32 hex digits over its folder and shared/, with every name, mode and content in them.

    The other way round it says nothing: a README that changed gives another key and the same source.
    """
    trees = _trees(git, commit)
    found = {}
    for stack in stacks:
        digest = hashlib.sha256(_FORMAT)
        for folder in (stack.path, stack.shared_path):
            digest.update(f"{trees.get(folder, '')}\0".encode())
        found[stack] = digest.hexdigest()[:32]
    return found


def _trees(git: Git, commit: str) -> dict[str, str]:
    """The id of each folder below providers/, by its path: listed at once, for each question by a path walks to it."""
    output = os.fsdecode(git.run("ls-tree", "-d", "-r", "-z", "--full-tree", commit, "--", PROVIDERS))
    rows = (line.partition("\t") for line in output.split("\0") if line)
    return {path: head.split(" ")[2] for head, _, path in rows if head.startswith("040000 ")}
