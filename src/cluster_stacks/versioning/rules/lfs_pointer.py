"""What Git LFS keeps elsewhere is not there to be rendered."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack import Layer, layer_of
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.scan import is_instruction

_POINTER = b"version https://git-lfs.github.com/spec/"

RULE = RuleInfo(
    "CS178", "lfs-pointer", "a file that is rendered is a Git LFS pointer",
    "The content of a file is what Git stores. For a file that Git LFS keeps, that is a pointer of three lines: its "
    "change counts as the content's change, and the pointer is what a release would carry. Build instructions of node "
    "images may be pointers, because they are never rendered.",
    source="this project: docs/versioning.md",
)


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each pointer in what a release is made of."""
    for key, file in source.files.items():
        layer = layer_of(key)
        if layer is None or not file.data.startswith(_POINTER) or (layer is Layer.NODE_IMAGES and is_instruction(key)):
            continue
        message = (
            "the file is a Git LFS pointer, and a release would carry the pointer: keep the file itself in Git "
            "(`git lfs untrack` it, then `git add --renormalize` it)"
        )
        yield Finding(RULE.id, RULE.severity, message, file.path, stack=str(source.stack), key=key)
