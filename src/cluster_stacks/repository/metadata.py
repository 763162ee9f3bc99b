"""Reads metadata.yaml, the source of truth for the versions of a stack."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from cluster_stacks.documents.yaml import Document, load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Fix
from cluster_stacks.model.metadata import FLAT_PATHS, METADATA_API_VERSION, VERSION_PATHS, Component, Metadata
from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import KubernetesVersion, Version, VersionError
from cluster_stacks.repository import rules

CLASS_PATH = ("versions", "components", "clusterClass")
"""Where older files repeat clusterStack."""

Paths = Mapping[Component | None, tuple[str, ...]]
"""Where the versions stand; None is the cluster class, which repeats clusterStack."""

_PATHS: Paths = dict(VERSION_PATHS) | {None: CLASS_PATH}
_FLAT_PATHS: Paths = dict(FLAT_PATHS) | {None: ("components", "clusterClass", "version")}


def parse_metadata(data: bytes, path: str, stack: StackId | None) -> Metadata:
    """The versions in a metadata.yaml. Raises Refused with what is wrong with the file, and where.

    With a stack, the Kubernetes version must be of the minor that the stack's folder is named for.
    """
    document = load(data, path)
    if is_flat(document.value):
        return _parse_flat(document, path, stack)
    if not _has_shape(document.value):
        raise Refused(*_explained(document, path, stack))
    texts = _texts(document, path, stack, _PATHS)
    metadata = Metadata(
        Version.parse(texts[Component.CLUSTER_STACK]),
        KubernetesVersion.parse(texts[Component.KUBERNETES]),
        Version.parse(texts[Component.CLUSTER_ADDON]),
        Version.parse(texts[Component.NODE_IMAGE]),
        _Positions(document),
    )
    disagreeing = _disagreeing(document, path, stack, metadata, texts[None])
    if disagreeing:
        raise Refused(*disagreeing)
    return metadata


def is_flat(value: object) -> bool:
    """Whether it is the oldest form, from before there was a specification: versions at the top, no apiVersion."""
    return isinstance(value, dict) and value.keys() == {"clusterStack", "components"}


def paths_in(value: object) -> Paths:
    """Where the versions stand in a metadata.yaml that could be read."""
    return _FLAT_PATHS if is_flat(value) else _PATHS


def _parse_flat(document: Document, path: str, stack: StackId | None) -> Metadata:
    """The oldest form, which names no Kubernetes version: the folder says the minor, and nothing the patch."""
    texts = _texts(document, path, stack, _FLAT_PATHS)
    major, minor = (int(part) for part in stack.minor.split("-")) if stack else (0, 0)
    metadata = Metadata(
        Version.parse(texts[Component.CLUSTER_STACK]),
        KubernetesVersion(major, minor, 0),
        Version.parse(texts[Component.CLUSTER_ADDON]),
        Version.parse(texts[Component.NODE_IMAGE]),
        _Positions(document),
        patch_known=False,
    )
    disagreeing = _class_disagrees(document, path, stack, metadata, texts[None])
    if disagreeing:
        raise Refused(*disagreeing)
    return metadata


def _texts(document: Document, path: str, stack: StackId | None, paths: Paths) -> dict[Component | None, Any]:
    """The versions as they are written. Raises Refused where one is none."""
    texts = {component: _text(document.value, where) for component, where in paths.items()}
    wrong = _not_versions(document, path, stack, texts, paths)
    if wrong:
        raise Refused(*wrong)
    return texts


class _Positions(Mapping[Component, Position]):
    """Positions of the versions, found when asked: most files give no finding."""

    __slots__ = ("_document",)

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def _paths(self) -> Mapping[Component, tuple[str, ...]]:
        return FLAT_PATHS if is_flat(self._document.value) else VERSION_PATHS

    def __getitem__(self, component: Component) -> Position:
        return self._document.position(self._paths[component])

    def __iter__(self) -> Iterator[Component]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _has_shape(value: object) -> bool:
    """What the schema says of keys, told without loading a validator."""
    if not isinstance(value, dict) or value.keys() != {"apiVersion", "versions"}:
        return False
    versions = value["versions"]
    if not isinstance(versions, dict) or versions.keys() != {"clusterStack", "kubernetes", "components"}:
        return False
    components = versions["components"]
    return (
        value["apiVersion"] == METADATA_API_VERSION
        and isinstance(components, dict)
        and components.keys() - {"clusterClass"} == {"clusterAddon", "nodeImage"}
    )


def _explained(document: Document, path: str, stack: StackId | None) -> list[Finding]:
    from cluster_stacks.documents.schema import check

    found = [
        dataclasses.replace(finding, rule=rules.METADATA, path=path, stack=str(stack or ""))
        for finding in check(document, "metadata")
    ]
    return found or [rules.finding(rules.METADATA, "this is no metadata of a cluster stack", path, stack=stack or "")]


def _text(value: Any, where: tuple[str, ...]) -> Any:
    for key in where:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _not_versions(
    document: Document, path: str, stack: StackId | None, texts: dict[Component | None, Any], paths: Paths
) -> list[Finding]:
    found = []
    for component, text in texts.items():
        if component is None and text is None:
            continue
        where = paths[component]
        problem = _problem(component, where, text)
        if problem:
            found.append(rules.finding(
                rules.METADATA, problem, path, document.position(where), stack=stack or "",
                key=component or "clusterClass",
            ))
    return found


def _problem(component: Component | None, where: tuple[str, ...], text: object) -> str:
    kubernetes = component is Component.KUBERNETES
    example = "v1.36.2" if kubernetes else "v3"
    if not isinstance(text, str):
        kinds = {bool: "true or false", int: "a number", float: "a number", type(None): "empty", list: "a list"}
        kind = kinds.get(type(text), "a mapping")
        return f"{'.'.join(where)} is {kind}: write a version such as {example}"
    try:
        (KubernetesVersion if kubernetes else Version).parse(text)
    except VersionError as error:
        return f"{'.'.join(where)}: {error}"
    return ""


def _disagreeing(
    document: Document, path: str, stack: StackId | None, metadata: Metadata, cluster_class: str | None
) -> list[Finding]:
    found = []
    if stack is not None and metadata.kubernetes.directory != stack.minor:
        found.append(rules.finding(
            rules.MINOR_MISMATCH,
            f"kubernetes {metadata.kubernetes} is not of the minor {stack.minor}: write a v{stack.kubernetes_minor} "
            f"version; another minor is a new stack, so copy the folder to {metadata.kubernetes.directory}/ for it",
            path, document.position(VERSION_PATHS[Component.KUBERNETES]), stack=stack, key="kubernetes",
        ))
    return found + _class_disagrees(document, path, stack, metadata, cluster_class)


def _class_disagrees(
    document: Document, path: str, stack: StackId | None, metadata: Metadata, cluster_class: str | None
) -> list[Finding]:
    found = []
    if cluster_class is not None and Version.parse(cluster_class) != metadata.cluster_stack:
        found.append(rules.finding(
            rules.CLASS_VERSION,
            f"clusterClass must be {metadata.cluster_stack}, as clusterStack is: change it, or leave the key out",
            path, document.position(paths_in(document.value)[None]), stack=stack or "", key="clusterClass",
            fix=Fix(f"set clusterClass to {metadata.cluster_stack}"),
        ))
    return found
