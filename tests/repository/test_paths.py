"""What a path is in the layout."""

from __future__ import annotations

import os

import pytest

from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.paths import is_printable, leaves_tree, place_of, shown


@pytest.mark.parametrize(
    ("path", "folder", "key", "stack"),
    [
        ("providers/docker/scs/1-36/metadata.yaml", "1-36", "metadata.yaml", "docker/scs/1-36"),
        ("providers/docker/scs/1-36/cluster-class/a/b", "1-36", "cluster-class/a/b", "docker/scs/1-36"),
        ("providers/docker/scs/shared/cluster-class/a", "shared", "cluster-class/a", None),
        ("providers/docker/scs/docs/x", "docs", "x", None),
        ("providers/docker/scs/01-36/x", "01-36", "x", None),
        ("providers/Docker/scs/1-36/x", "1-36", "x", None),
    ],
)
def test_the_place_of_a_file(path: str, folder: str, key: str, stack: str | None) -> None:
    place = place_of(path)
    assert place is not None
    assert (place.folder, place.key) == (folder, key)
    assert place.stack == (StackId.parse(stack) if stack else None)


@pytest.mark.parametrize("path", ["README.md", "providers/README.md", "providers/docker/scs/README.md", "x/a/b/1-36/c"])
def test_a_file_in_no_folder_of_a_stack(path: str) -> None:
    assert place_of(path) is None


@pytest.mark.parametrize(
    ("target", "leaves"),
    [
        ("b", False), ("../../x", False), ("../../../x", False), ("../../../../x", True), ("/etc/passwd", True),
        ("x/../../../../..", True), ("../../..", False), ("../../../..", True), ("./..", False), ("...", False),
    ],
)
def test_a_link_that_leaves_the_tree(target: str, leaves: bool) -> None:
    assert leaves_tree("providers/docker/scs/link", target) is leaves


def test_names_that_can_be_written() -> None:
    assert is_printable("größe with spaces and 'quotes'")
    assert [is_printable(f"a{c}b") for c in "\n\t\x00\x7f\x1b" + os.fsdecode(b"\xff")] == [False] * 6


def test_other_names_can_be_shown() -> None:
    assert shown(os.fsdecode(b"gr\xc3\xb6\n\x1b\xff")) == "grö\\n\\x1b\\xff"
