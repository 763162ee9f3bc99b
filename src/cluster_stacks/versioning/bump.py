"""The smallest edit that makes the versions of a stack right."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.documents.splice import set_scalars
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.metadata import VERSION_PATHS, Component
from cluster_stacks.model.version import Version
from cluster_stacks.repository.metadata import CLASS_PATH
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.expected import VERSIONED, is_right, version_of, wanted

Edits = Mapping[Component, tuple[Version, Version]]
"""What a bump changes: component → (version that stands there, version that must)."""


def edits(change: StackChange) -> dict[Component, tuple[Version, Version]]:
    """The versions of a stack that are wrong and can be mended; empty where there are none."""
    if change.head is None:
        return {}
    found: dict[Component, tuple[Version, Version]] = {}
    for component in VERSIONED:
        version = wanted(change, component)
        if version is not None and not is_right(change, component):
            found[component] = (version_of(change.head, component), version)
    return found


def bumped(data: bytes, edits: Edits, path: str) -> bytes:
    """A metadata.yaml with these versions and every other byte as it was.

    `components.clusterClass`, where it stands, goes with clusterStack. Raises Refused where a version cannot be edited
    in place (an anchor, a tag).
    """
    texts = {VERSION_PATHS[component]: str(new) for component, (_, new) in edits.items()}
    stack = edits.get(Component.CLUSTER_STACK)
    if stack and "clusterClass" in load(data, path).value["versions"]["components"]:
        texts[CLASS_PATH] = str(stack[1])
    return set_scalars(data, texts, path)
