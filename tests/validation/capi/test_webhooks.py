"""What webhooks fill in: the answers of a management cluster with Cluster API 1.14's docker provider."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cluster_stacks.validation.capi.webhooks import as_stored

V1, V2 = "infrastructure.cluster.x-k8s.io/v1beta1", "infrastructure.cluster.x-k8s.io/v1beta2"
OLD_POINT = {"host": "", "port": 6443}


@pytest.mark.parametrize(("version", "kind", "sent", "stored"), [
    (V2, "DevClusterTemplate", {},
     {"backend": {"docker": {"loadBalancer": {}}}, "controlPlaneEndpoint": {"port": 6443}}),
    (V1, "DevClusterTemplate", {}, {"backend": {"docker": {"loadBalancer": {}}}, "controlPlaneEndpoint": OLD_POINT}),
    (V2, "DevClusterTemplate", {"backend": {"inMemory": {}}}, {"backend": {"inMemory": {}}}),
    (V1, "DevClusterTemplate", {"backend": {"inMemory": {}}},
     {"backend": {"inMemory": {}}, "controlPlaneEndpoint": {"host": "", "port": 0}}),
    (V2, "DevClusterTemplate", {"backend": {"docker": {"failureDomains": []}}, "controlPlaneEndpoint": {"host": "a"}},
     {"backend": {"docker": {"failureDomains": [], "loadBalancer": {}}},
      "controlPlaneEndpoint": {"host": "a", "port": 6443}}),
    (V2, "DockerClusterTemplate", {}, {"controlPlaneEndpoint": {"port": 6443}, "loadBalancer": {}}),
    (V1, "DockerClusterTemplate", {}, {"controlPlaneEndpoint": OLD_POINT, "loadBalancer": {}}),
    (V2, "DevMachineTemplate", {}, {"backend": {"docker": {}}}),
    (V2, "DevMachineTemplate", {"backend": {"inMemory": {}}}, {"backend": {"inMemory": {}}}),
    (V1, "DockerMachineTemplate", {"customImage": "a"}, {"customImage": "a"}),
    (V1, "DockerMachinePoolTemplate", {}, {"template": {}}),
    (V2, "DockerMachinePoolTemplate", {}, {}),
    (V2, "OpenStackClusterTemplate", {}, {}),
    ("example.org/v1", "DevClusterTemplate", {}, {}),
])
def test_as_stored(version: str, kind: str, sent: dict[str, Any], stored: dict[str, Any]) -> None:
    template = {"spec": {"template": {"spec": sent}}}
    before = copy.deepcopy(template)
    body = as_stored(template, version, kind)["spec"]["template"]
    assert body["spec"] == stored
    assert ("metadata" in body) is (version == V1)
    assert template == before


@pytest.mark.parametrize(
    "template", [None, {}, {"spec": 1}, {"spec": {"template": []}}, {"spec": {"template": {"spec": 1}}}]
)
def test_what_has_another_form_is_left_alone(template: Any) -> None:
    assert as_stored(template, V2, "DevClusterTemplate") is template


@pytest.mark.parametrize("backend", [1, [], {"docker": 1}, {"docker": None}, None])
def test_values_of_another_type_stay(backend: Any) -> None:
    stored = as_stored({"spec": {"template": {"spec": {"backend": backend}}}}, V2, "DevClusterTemplate")
    found = stored["spec"]["template"]["spec"]["backend"]
    assert found == (backend if backend and backend != {"docker": None} else found)
