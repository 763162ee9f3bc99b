"""The stacks of a repository, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import LAYER_FOLDERS, Layer, StackId
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.repository.effective import load_states
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot, IndexSnapshot, Snapshot, WorktreeSnapshot
from cluster_stacks.repository.stacks import discover, select


@dataclass(frozen=True, slots=True)
class Listed:
    """One stack: its versions, the names of its addons, and those of its node images with how each is released.

    `metadata` is None where a layout has no versions in its sources; then `kubernetes` is all that is known.
    """

    stack: StackId
    metadata: Metadata | None
    kubernetes: str
    addons: tuple[str, ...]
    images: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListResult:
    """The stacks in order, and what is wrong with those that cannot be listed."""

    stacks: tuple[Listed, ...]
    findings: tuple[Finding, ...]


def list_stacks(
    repo: Path, patterns: Sequence[str] = (), *, head: str | None = None, staged: bool = False
) -> ListResult:
    """The stacks that `patterns` mean (none: all) in a commit, the index, or else the work tree.

    A bare repository has no work tree: there it is HEAD. Raises CannotTell for a pattern that means no stack.
    """
    git = Git.discover(repo)
    snapshot = _snapshot(git, head, staged=staged)
    try:
        discovery = discover(snapshot)
        chosen = select(discovery.stacks, patterns)
        listed: list[Listed] = []
        findings = [] if patterns else list(discovery.findings)
        for source in load_states(snapshot, chosen):
            if isinstance(source, Refused):
                findings += source.findings
            else:
                listed.append(_listed(source))
        return ListResult(tuple(listed), tuple(findings))
    finally:
        snapshot.git.close()


def _listed(source: StackState) -> Listed:
    minor = f"v{source.stack.kubernetes_minor}"
    return Listed(source.stack, source.metadata, str(source.kubernetes or minor), addons(source), images(source))


def addons(source: StackState) -> tuple[str, ...]:
    """The folders below cluster-addon/; the one chart of older layouts has no folder of its own and no name."""
    prefix = f"{Layer.CLUSTER_ADDON}/"
    if f"{prefix}Chart.yaml" in source.files:
        return ()
    names = {key.split("/")[1] for key in source.files if key.startswith(prefix) and key.count("/") > 1}
    return tuple(sorted(name for name in names if not name.startswith(".")))


def images(source: StackState) -> dict[str, str]:
    """Name → release method, as images.yaml has them before it is rendered: sources of templates are YAML too."""
    folders = [folder for folder, layer in LAYER_FOLDERS.items() if layer is Layer.NODE_IMAGES]
    file = next((source.files[key] for folder in folders if (key := f"{folder}/images.yaml") in source.files), None)
    items = _items(file) if file else []
    named = [item for item in items if isinstance(item, dict) and "name" in item]
    return {str(item["name"]): str(item.get("method", "")) for item in named}


def _items(file: SourceFile) -> list[Any]:
    from cluster_stacks.documents.yaml import load

    try:
        value = load(file.data, file.path).value
    except Refused:
        return []
    items = value.get("images") if isinstance(value, dict) else None
    return items if isinstance(items, list) else []


def _snapshot(git: Git, head: str | None, *, staged: bool) -> Snapshot:
    if staged:
        return IndexSnapshot(git)
    if head or git.top is None:
        return CommitSnapshot(git, head or "HEAD")
    return WorktreeSnapshot(git)
