"""CustomResourceDefinition → closed JSON Schemas, one for each version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cluster_stacks.validation.compact import compact
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.schema_words import ConversionError, Schema
from cluster_stacks.validation.structural import root

CRD_API_VERSION = "apiextensions.k8s.io/v1"
CRD_KIND = "CustomResourceDefinition"
CONTRACT_LABEL = "cluster.x-k8s.io/"


@dataclass(frozen=True, slots=True)
class Converted:
    """The schema of one kind and version, and what the index says of it."""

    info: KindInfo
    schema: Schema


def is_crd(value: object) -> bool:
    """Whether an object is a CustomResourceDefinition of the only version that Kubernetes ≥1.22 serves."""
    return isinstance(value, Mapping) and value.get("kind") == CRD_KIND and value.get("apiVersion") == CRD_API_VERSION


def convert_crd(
    crd: Mapping[str, object], *, source: str = "", contracts: Mapping[str, tuple[str, ...]] | None = None
) -> list[Converted]:
    """The schemas of all versions of a CRD, in the order of the CRD.

    `source` says in the index where it came from. `contracts` stand in for the labels of the CRD, which projects add
    by kustomize and so lack in their `config/crd/bases`. Raises ConversionError.
    """
    if not is_crd(crd):
        raise ConversionError(f"not a {CRD_KIND} of {CRD_API_VERSION}")
    spec = _mapping(crd, "spec")
    names = _mapping(spec, "names")
    group, kind = _text(spec, "group"), _text(names, "kind")
    scope = spec.get("scope", "Namespaced")
    versions = spec.get("versions")
    if not isinstance(versions, list) or not versions:
        raise ConversionError(f"{kind}: spec.versions is empty")
    labels = _of_versions(dict(_contract_labels(crd)) or dict(contracts or {}), versions)
    return [_version(version, group, kind, str(scope), source, labels) for version in versions]


def _version(
    version: object, group: str, kind: str, scope: str, source: str, contracts: Mapping[str, tuple[str, ...]]
) -> Converted:
    if not isinstance(version, Mapping):
        raise ConversionError(f"{kind}: a version is not a mapping")
    name = _text(version, "name")
    schema = _mapping(_mapping(version, "schema"), "openAPIV3Schema")
    subresources = version.get("subresources")
    info = KindInfo(
        group, name, kind, scope,
        served=version.get("served") is True, storage=version.get("storage") is True,
        deprecated=version.get("deprecated") is True,
        warning=" ".join(str(version.get("deprecationWarning") or "").split()),
        contracts=contracts, source=source,
    )
    ignored = isinstance(subresources, Mapping) and "status" in subresources
    return Converted(info, compact(root(schema, info.api_version, kind, status_ignored=ignored)))


def _contract_labels(crd: Mapping[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    metadata = crd.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
    for key, value in sorted(labels.items()) if isinstance(labels, Mapping) else ():
        contract = str(key).removeprefix(CONTRACT_LABEL)
        # Other labels of that prefix (cluster.x-k8s.io/provider) name no contract.
        if contract != key and contract.startswith("v") and contract[1:2].isdigit():
            yield contract, tuple(str(value).split("_"))


def _of_versions(
    contracts: Mapping[str, tuple[str, ...]], versions: Iterable[object]
) -> dict[str, tuple[str, ...]]:
    """The labels as far as they name versions of this kind: a kustomization gives all kinds of a project the same."""
    own = {version.get("name") for version in versions if isinstance(version, Mapping)}
    kept = {contract: tuple(name for name in names if name in own) for contract, names in contracts.items()}
    return {contract: names for contract, names in kept.items() if names}


def _mapping(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = value.get(key)
    if not isinstance(found, Mapping):
        raise ConversionError(f"`{key}` is missing or not a mapping")
    return found


def _text(value: Mapping[str, object], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str) or not found:
        raise ConversionError(f"`{key}` is missing or not a text")
    return found
