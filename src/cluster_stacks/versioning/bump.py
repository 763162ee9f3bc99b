"""The smallest edit that makes the versions of a stack right."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.documents.splice import set_scalars
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.metadata import Component
from cluster_stacks.model.version import Version
from cluster_stacks.repository.metadata import paths_in
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
    return with_versions(data, {component: str(new) for component, (_, new) in edits.items()}, path)


def with_versions(data: bytes, versions: Mapping[Component, str], path: str) -> bytes:
    """The same with versions as text, in whichever form the file has; one that the form does not have is left out."""
    value = load(data, path).value
    paths = paths_in(value)
    texts = {paths[component]: text for component, text in versions.items() if component in paths}
    stack = versions.get(Component.CLUSTER_STACK)
    if stack and _has(value, paths[None]):
        texts[paths[None]] = stack
    return set_scalars(data, texts, path)


def _has(value: object, where: tuple[str, ...]) -> bool:
    for key in where:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True
