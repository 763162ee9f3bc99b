"""The layouts of stack repositories in the wild, oldest first, and this project's own: see docs/layouts.md."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

METADATA = "metadata.yaml"
CSCTL = "csctl.yaml"
STACK = "stack.yaml"
VERSIONS = "versions.yaml"

MARKS = frozenset({CSCTL, STACK, VERSIONS})
"""Files that only upstream's layouts have: what they say of a stack, metadata.yaml may be missing."""

ROOT_MARKS = frozenset({CSCTL, VERSIONS})
"""Where one of them stands in providers/<provider>/<stack>/, that folder is the source of every minor."""

_OWN_MARKS = frozenset({"cluster-addon/Chart.yaml", "cluster-addon-values.yaml", "node-images.yaml"})


class Layout(StrEnum):
    """How a stack's files are laid out, by the name that messages give it."""

    NATIVE = "native"
    FLAT = "flat metadata"
    """metadata.yaml without apiVersion, which does not name Kubernetes (2023-06)."""
    CHARTS = "umbrella charts"
    """The specification's metadata.yaml, one chart a layer (2023-09)."""
    CSCTL = "csctl"
    """csctl.yaml, versions computed at release (2024-03)."""
    VERSIONS = "one folder for all minors"
    """No minor in the path: versions.yaml lists them, or csctl.yaml names one (2024-06, 2025-03)."""
    STACK = "stack.yaml"
    """Minors in the path again, named by stack.yaml (2026)."""


def layout_of(own: Collection[str], *, shared: bool = False) -> Layout:
    """The layout of a stack by the keys of its own folder; `shared`: whether its family has a native shared folder.

    Flat metadata is told from its content alone, and what every minor has in common from where it stands: neither is
    seen here.
    """
    if shared or "overlay.yaml" in own:
        return Layout.NATIVE
    if STACK in own:
        return Layout.STACK
    if VERSIONS in own:
        return Layout.VERSIONS
    if CSCTL in own:
        return Layout.CSCTL
    if any(mark in own for mark in _OWN_MARKS) or any(is_topology(key) for key in own):
        return Layout.CHARTS
    return Layout.NATIVE


def is_topology(key: str) -> bool:
    """Whether it is a sample Cluster as upstream names it: `topology-docker.yaml`."""
    return key.startswith("topology-") and key.endswith(".yaml")
