"""release.json, read back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cluster_stacks.documents.json import dumps
from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.releases.facts import ReleaseFacts

PATH = "releases/docker/scs/1-36/v3/release.json"


def facts() -> dict[str, Any]:
    """A release with one of everything."""
    return {
        "schemaVersion": 1,
        "name": "docker-scs-1-36-v3",
        "stack": {"id": "docker/scs/1-36", "provider": "docker", "name": "scs", "minor": "1-36"},
        "versions": {"clusterStack": "v3", "kubernetes": "v1.36.1", "clusterAddon": "v2", "nodeImage": "v1"},
        "sourceDigest": "sha256:" + "a" * 64,
        "tools": {"cluster-stacks": "0.1.0", "helm": "v4.3.1"},
        "classes": [{
            "name": "docker-scs-1-36-v3", "apiVersion": "cluster.x-k8s.io/v1beta2",
            "variables": [{"name": "imageRepository", "required": True}], "workers": ["default"],
            "kubernetesVersions": ["v1.36.1"],
        }],
        "objects": [{
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "name": "docker-scs-1-36-v3",
            "file": "cluster-class/clusterclass.yaml",
        }],
        "addons": [{
            "name": "cilium", "namespace": "kube-system", "releaseName": "cilium", "renderer": "helm",
            "path": "cluster-addon/cilium", "order": 0, "dependsOn": [], "clusterLabels": {"a": "b"},
            "clusterValues": {"cluster.name": "cluster_name"}, "hook": "AfterControlPlaneInitialized",
            "chart": {"name": "cilium", "version": "1.2.3", "repository": "https://charts.example", "alias": None},
            "values": {"replicas": 1}, "overwrite": False,
        }],
        "images": {
            "unit": "v1", "objects": [],
            "items": [{
                "name": "ubuntu-2404", "image": "docker-scs-v1.36.1-ubuntu-2404-v1", "method": "url",
                "url": "https://images.example/x.qcow2", "checksum": "sha256:" + "b" * 64, "format": None,
            }],
        },
        "clusterVariables": ["cluster_name"],
        "notes": ["a note"],
    }


def test_every_fact_is_read() -> None:
    read = ReleaseFacts.from_json(dumps(facts()).encode(), PATH)
    assert read == ReleaseFacts.from_json(facts(), PATH)
    assert (read.stack, read.version) == (StackId("docker", "scs", "1-36"), Version(3))
    assert read.metadata.as_dict() == facts()["versions"]
    assert read.data == facts()
    [item] = read.classes
    assert (item.variables[0].name, item.variables[0].required) == ("imageRepository", True)
    [addon] = read.addons
    assert addon.chart is not None
    assert (addon.chart.alias, addon.values) == ("", {"replicas": 1})
    assert addon.cluster_values == {"cluster.name": "cluster_name"}
    assert read.images is not None
    assert (read.images.items[0].format, read.images.items[0].method) == ("", "url")


def test_the_schema_agrees() -> None:
    assert check(load(dumps(facts()).encode(), PATH), "release") == []
    assert check(load(dumps({**facts(), "images": None}).encode(), PATH), "release") == []


def test_what_may_be_null() -> None:
    data = facts()
    data["images"] = None
    data["addons"][0] |= {"chart": None, "values": None, "hook": None}
    read = ReleaseFacts.from_json(data, PATH)
    assert (read.images, read.addons[0].chart, read.addons[0].hook) == (None, None, "")


def test_more_than_we_know_is_left_alone() -> None:
    assert ReleaseFacts.from_json({**facts(), "later": {}}, PATH).data["later"] == {}


@pytest.mark.parametrize(("path", "value", "told"), [
    ("schemaVersion", 2, "install a newer"),
    ("schemaVersion", 0, "must be 1"),
    ("schemaVersion", True, "a whole number"),
    ("name", None, "name must be a text"),
    ("stack", [], "stack must be a mapping"),
    ("stack.id", "docker/scs/1-37", "is not docker/scs/1-36"),
    ("stack.minor", "x", "is not"),
    ("versions.clusterStack", "3", "not a version"),
    ("versions.kubernetes", "1.36", "not a Kubernetes version"),
    ("tools", {"helm": 4}, "a map of texts"),
    ("classes", {}, "classes must be a list"),
    ("classes", ["x"], "classes/0 must be a mapping"),
    ("clusterVariables", [1], "a list of texts"),
    ("images.unit", 1, "at /images: unit must be a text"),
])
def test_what_is_wrong_is_named(path: str, value: object, told: str) -> None:
    data = facts()
    *folders, key = path.split(".")
    target = data
    for folder in folders:
        target = target[folder]
    target[key] = value
    with pytest.raises(Refused, match=told) as caught:
        ReleaseFacts.from_json(json.dumps(data).encode(), PATH)
    [finding] = caught.value.findings
    assert finding.path == PATH
    assert finding.rule in ("CS550", "CS551")


@pytest.mark.parametrize("data", [
    b"", b"[]", b"\xff", b'{"a": 1, "a": 2}', b"{}", b"[" * 30_000, b'{"schemaVersion": NaN}',
])
def test_bytes_that_are_no_release(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        ReleaseFacts.from_json(data, PATH)
    assert caught.value.findings[0].path == PATH
