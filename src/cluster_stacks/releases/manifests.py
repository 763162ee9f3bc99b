"""What stands in the manifests of Clusters: which release each uses, and what brings its addons."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cluster_stacks.documents.yaml import Document, load_documents
from cluster_stacks.model.stack import StackId
from cluster_stacks.releases.plain import as_map

Place = tuple[str, ...]

_CLUSTER = "cluster.x-k8s.io/"
_FLUX = "kustomize.toolkit.fluxcd.io/"
RELEASE_LABEL = "cluster-stacks.io/release"
"""The label of a cluster's Secret by which Argo CD chooses its addons (generators/argocd)."""

_ADDONS = re.compile(
    r"(?P<before>(?:\./|/)?)(?P<folder>delivery/(?P<generator>[^/]+)/addons)"
    r"/(?P<stack>[^/]+/[^/]+/[^/]+)/(?P<version>[^/]+)(?P<after>/?)"
)
_LABELS: tuple[Place, ...] = (
    ("metadata", "labels"), ("spec", "template", "metadata", "labels"),
    ("spec", "target", "template", "metadata", "labels"),
)
"""Where the labels of a Secret stand: in itself, a SealedSecret, an ExternalSecret."""


class Manifest(NamedTuple):
    """A document of a file: the file's path, the document's place there, its name, and the value in question."""

    path: str
    document: int
    name: str
    namespace: str
    place: Place
    value: str
    line: int


class ClusterManifest(NamedTuple):
    """A Cluster with a topology. `at` is its class; `version` its Kubernetes version, as written, and its line."""

    at: Manifest
    version: str
    version_line: int
    topology: Mapping[str, Any]


class AddonPath(NamedTuple):
    """A Flux Kustomization of a cluster's addons. `cluster` and `namespace` are empty where it does not say whose."""

    at: Manifest
    cluster: str
    namespace: str
    stack: StackId
    version: str

    @property
    def folder(self) -> str:
        """`delivery/flux/addons`."""
        return str(_match(self.at.value)["folder"])

    def pointed(self, stack: StackId, version: object) -> str:
        """The path of another release, written as this one is."""
        found = _match(self.at.value)
        return f"{found['before']}{found['folder']}/{stack}/{version}{found['after']}"


class ReleaseLabel(NamedTuple):
    """A Secret that registers a cluster in Argo CD. `cluster` is empty where it does not say which."""

    at: Manifest
    cluster: str


class Manifests(NamedTuple):
    """All that a file holds of these."""

    clusters: tuple[ClusterManifest, ...]
    paths: tuple[AddonPath, ...]
    labels: tuple[ReleaseLabel, ...]


def read_manifests(data: bytes, path: str) -> Manifests:
    """Raises Refused where the file is no YAML."""
    documents = [document for document in load_documents(data, path) if isinstance(document.value, dict)]
    return Manifests(
        tuple(found for document in documents for found in _clusters(document)),
        tuple(found for document in documents for found in _paths(document)),
        tuple(found for document in documents for found in _labels(document)),
    )


def _clusters(document: Document) -> Iterator[ClusterManifest]:
    value = document.value
    topology = as_map(as_map(value.get("spec")).get("topology"))
    if not _text(value.get("apiVersion")).startswith(_CLUSTER) or value.get("kind") != "Cluster" or not topology:
        return
    # v1beta1 names the class by a text, v1beta2 by a reference.
    reference = topology.get("classRef")
    place: Place = ("spec", "topology", "classRef", "name") if reference is not None else ("spec", "topology", "class")
    name = _text(as_map(reference).get("name") if reference is not None else topology.get("class"))
    line = document.position(("spec", "topology", "version")).line
    yield ClusterManifest(_manifest(document, place, name), _text(topology.get("version")), line, topology)


def _paths(document: Document) -> Iterator[AddonPath]:
    value = document.value
    if not _text(value.get("apiVersion")).startswith(_FLUX) or value.get("kind") != "Kustomization":
        return
    spec = as_map(value.get("spec"))
    path = _text(spec.get("path"))
    found = _ADDONS.fullmatch(path)
    stack = StackId.parse(found["stack"]) if found else None
    if found is None or stack is None:
        return
    given = as_map(as_map(spec.get("postBuild")).get("substitute"))
    at = _manifest(document, ("spec", "path"), path)
    namespace = _text(given.get("cluster_namespace")) or at.namespace
    yield AddonPath(at, _text(given.get("cluster_name")), namespace, stack, found["version"])


def _labels(document: Document) -> Iterator[ReleaseLabel]:
    value = document.value
    for where in _LABELS:
        labels: Mapping[str, Any] = value
        for key in where:
            labels = as_map(labels.get(key))
        if RELEASE_LABEL in labels and "Secret" in _text(value.get("kind")):
            at = _manifest(document, (*where, RELEASE_LABEL), _text(labels[RELEASE_LABEL]))
            yield ReleaseLabel(at, _registered(value))


def _registered(secret: Mapping[str, Any]) -> str:
    """The name that Argo CD knows the cluster by."""
    plain = as_map(secret.get("stringData")).get("name")
    if plain is None:
        try:
            encoded = _text(as_map(secret.get("data")).get("name"))
            plain = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError):
            plain = ""
    return _text(plain)


def _manifest(document: Document, place: Place, value: str) -> Manifest:
    metadata = as_map(document.value.get("metadata"))
    return Manifest(
        document.path, document.index, _text(metadata.get("name")), _text(metadata.get("namespace")), place, value,
        document.position(place).line,
    )


def _match(path: str) -> re.Match[str]:
    found = _ADDONS.fullmatch(path)
    assert found, "only such paths become an AddonPath"
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
