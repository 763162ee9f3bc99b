"""Tells by Git's own ids that a stack's source is one that was seen before, without reading it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.git import Git

_FORMAT = b"cluster-stacks source key 1\0"
"""Moves when the same folders could make another source digest: then nothing that was seen before counts."""


def source_keys(git: Git, commit: str, stacks: Iterable[StackId]) -> dict[StackId, str]:
    """For each stack of a commit, 32 hex digits over its folder and shared/, with every name, mode and content in them.

    The other way round it says nothing: a README that changed gives another key and the same source.
    """
    wanted = list(stacks)
    names = {folder: f"{commit}:{folder}" for stack in wanted for folder in (stack.path, stack.shared_path)}
    trees = dict(zip(names, git.batch.read(list(names.values())), strict=True))
    found = {}
    for stack in wanted:
        digest = hashlib.sha256(_FORMAT)
        for folder in (stack.path, stack.shared_path):
            tree = trees[folder]
            digest.update(f"{tree.oid if tree else ''}\0".encode())
        found[stack] = digest.hexdigest()[:32]
    return found
