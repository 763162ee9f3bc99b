"""A Cluster against the class of the release that it names: what Cluster API would refuse, at its lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cluster_stacks.documents.yaml import Document, load_documents
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.stack import StackId
from cluster_stacks.releases.contents import Contents
from cluster_stacks.releases.manifests import ClusterManifest
from cluster_stacks.releases.plain import as_map
from cluster_stacks.validation.clusters import judge_cluster
from cluster_stacks.validation.folders import Folder
from cluster_stacks.validation.problem import Judged, finding_of
from cluster_stacks.validation.store import Store

VERSION = ("spec", "topology", "version")


class ClusterFit:
    """Judges Clusters; schemas and manifests are read once."""

    def __init__(self, data: Mapping[Path, bytes], folders: Sequence[Folder] = ()) -> None:
        self._data, self._folders = data, folders
        self._stores: dict[StackId, Store] = {}
        self._documents: dict[str, list[Document]] = {}

    def findings(self, cluster: ClusterManifest, release: Contents) -> Iterator[Finding]:
        """What is wrong with the Cluster itself. Its Kubernetes version is left to those who know the release's."""
        document = self._document(cluster)
        stack = release.facts.stack
        if stack not in self._stores:
            self._stores[stack] = Store(stack.kubernetes_minor, self._folders)
        namespace = _namespace(document.value)
        objects = [_in_namespace(value, namespace) for value in release.objects.values()]
        for problem in judge_cluster(document.value, objects, self._stores[stack]):
            if problem.pointer[:3] == VERSION:
                continue
            found = finding_of(problem, [Judged(document.value, cluster.at.path)])
            at = document.position(problem.pointer, problem.on_key)
            yield dataclasses.replace(
                found, line=at.line, column=at.column, end_line=at.end_line, end_column=at.end_column
            )

    def _document(self, cluster: ClusterManifest) -> Document:
        path = cluster.at.path
        if path not in self._documents:
            self._documents[path] = load_documents(self._data[Path(path).resolve()], path)
        return next(each for each in self._documents[path] if each.index == cluster.at.document)


def _namespace(cluster: Mapping[str, object]) -> str:
    """Where Cluster API looks for the class: what the reference says, else the namespace of the Cluster."""
    topology = as_map(as_map(cluster.get("spec")).get("topology"))
    said = as_map(topology.get("classRef")).get("namespace") or topology.get("classNamespace")
    return str(said or as_map(cluster.get("metadata")).get("namespace") or "")


def _in_namespace(value: Mapping[str, object], namespace: str) -> Mapping[str, object]:
    """An object of a release, which carries no namespace, as delivery puts it into one."""
    return {**value, "metadata": {**as_map(value.get("metadata")), "namespace": namespace}} if namespace else value
