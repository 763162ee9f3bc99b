"""Every bundled schema of a custom resource: both engines can use it, and they agree on the least of objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.compact import children
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.folders import bundled, read_index
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.kubeconform import Batch, Status
from cluster_stacks.validation.problem import Item
from cluster_stacks.validation.schema_words import Schema
from cluster_stacks.validation.store import Store

PROVIDERS = {
    "Docker": "Docker", "OpenStack": "OpenStack", "Hetzner": "HCloud", "AWS": "AWS", "Azure": "Azure", "GCP": "GCP",
    "vSphere": "VSphere", "Metal3": "Metal3", "KubeVirt": "Kubevirt",
}
CLUSTERS = {"HCloud": "Hetzner"}
"""A provider whose cluster is named otherwise than its machine."""


def least(info: KindInfo) -> dict[str, object]:
    return {"apiVersion": info.api_version, "kind": info.kind, "metadata": {"name": "example"}}


def test_every_schema_compiles_in_both_engines(store: Store, kubeconform: Tool, tmp_path: Path) -> None:
    batch, engine, own = Batch(tmp_path), Embedded(store), {}
    for info in read_index(bundled()):
        value = least(info)
        batch.put_schema(info, store.schema(info))
        own[batch.put(info.file.replace("/", "-"), value, info)] = engine.is_valid(Item(0, (), value), info)
    judgements = batch.run(kubeconform, set(own), 2)
    assert [key for key, judgement in judgements.items() if judgement.status is Status.ERROR] == []
    assert {key: judgement.status is Status.VALID for key, judgement in judgements.items()} == own
    assert len(own) > 260


def test_every_provider_has_what_a_class_and_its_output_need() -> None:
    known = {info.kind: info for info in read_index(bundled()) if info.served}
    for name, prefix in PROVIDERS.items():
        cluster = CLUSTERS.get(prefix, prefix)
        for kind in (f"{cluster}Cluster", f"{cluster}ClusterTemplate", f"{prefix}Machine", f"{prefix}MachineTemplate"):
            assert f"Provider {name} " in known[kind].source, kind
            assert known[kind].contracts, kind


@pytest.mark.parametrize(("api_version", "kind", "contracts"), [
    ("v1beta2", "AWSCluster", ("v1beta1",)), ("v1alpha1", "KubevirtCluster", ("v1beta1",)),
    ("v1beta1", "Metal3Cluster", ("v1beta1",)), ("v1beta2", "Metal3Cluster", ("v1beta2",)),
    ("v1beta1", "AzureCluster", ("v1beta1",)), ("v1alpha1", "OpenStackServer", ()),
])
def test_contracts_are_kept(store: Store, api_version: str, kind: str, contracts: tuple[str, ...]) -> None:
    info = store.find(f"infrastructure.cluster.x-k8s.io/{api_version}", kind)
    assert info is not None
    assert info.own_contracts == contracts


def test_only_versions_that_a_kind_has_follow_a_contract() -> None:
    versions: dict[tuple[str, str], set[str]] = {}
    infos = read_index(bundled())
    for info in infos:
        versions.setdefault((info.group, info.kind), set()).add(info.version)
    for info in infos:
        for contract, named in info.contracts.items():
            assert set(named) <= versions[info.group, info.kind], f"{info.kind}: {contract}"


def test_what_rules_need_is_kept(store: Store) -> None:
    found: dict[str, int] = {}
    for info in read_index(bundled()):
        schema = store.schema(info)
        definitions = schema.get("definitions", {})
        assert isinstance(definitions, dict)
        for part in walk(schema, *definitions.values()):
            for key in part.keys() & {"default", "x-kubernetes-validations", "x-kubernetes-list-map-keys"}:
                found[key] = found.get(key, 0) + 1
    assert found["x-kubernetes-validations"] > 200
    assert found["x-kubernetes-list-map-keys"] > 100
    assert found["default"] > 100


def walk(*schemas: Schema) -> list[Schema]:
    out = list(schemas)
    for schema in out:
        out.extend(child for _, child in children(schema))
    return out


def test_they_stay_small() -> None:
    folder = bundled().directory
    sizes = {file: file.stat().st_size for file in folder.rglob("*.json")}
    assert sum(sizes.values()) < 2_500_000
    assert max(size for file, size in sizes.items() if file.name != "index.json") < 80_000
    assert not [file for file in sizes if b'"description":"' in file.read_bytes()], "prose is left out"
