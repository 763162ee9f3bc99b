"""Questions to delivered objects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.validation.problem import Judged
from cluster_stacks.validation.validate import validate


def below(folder: Path) -> list[Judged]:
    """Every Kubernetes object below a folder; kustomize's own kinds are none."""
    return [
        Judged(document.value, path.relative_to(folder).as_posix(), str(path.parent))
        for path in sorted(folder.rglob("*.yaml"))
        for document in load_documents(path.read_bytes(), path.name)
        if not document.value["apiVersion"].startswith("kustomize.config.k8s.io/")
    ]


def faults(values: Sequence[Any]) -> list[str]:
    """What both engines find wrong with objects, none of which may go unjudged."""
    judged = [value if isinstance(value, Judged) else Judged(value, "object") for value in values]
    verdict = validate(judged, kubernetes="1.36", engine="both")
    assert verdict.documents == len(judged)
    assert set(verdict.judged) == {"embedded", "kubeconform"}
    assert set(verdict.judged.values()) == {len(judged)}
    return [f"{finding.path}: {finding.message}" for finding in verdict.findings]


def identity(value: Any) -> tuple[str, str, str, str]:
    """What makes an object this one and no other."""
    group = value["apiVersion"].rpartition("/")[0]
    return group, value["kind"], value["metadata"].get("namespace", ""), value["metadata"]["name"]


def of_kind(values: Sequence[Any], kind: str, name: str = "") -> list[Any]:
    return [value for value in values if value["kind"] == kind and value["metadata"]["name"].endswith(name)]
