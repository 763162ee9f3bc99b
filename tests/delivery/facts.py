"""Facts of releases to deliver, as rendering writes them."""

from __future__ import annotations

from typing import Any

from cluster_stacks.model.settings import GeneratorSettings, Settings
from cluster_stacks.releases.facts import ReleaseFacts

URL = "https://git.example.org/stacks.git"


def settings(*generators: GeneratorSettings, url: str = URL) -> Settings:
    return Settings(repository_url=url, generators=generators)


def addon(name: str, **changes: Any) -> dict[str, Any]:
    """A pass-through umbrella of a chart that has the addon's name."""
    return {
        "name": name, "namespace": "kube-system", "releaseName": name, "renderer": "helm",
        "path": f"cluster-addon/{name}", "order": 0, "dependsOn": [], "clusterLabels": {}, "clusterValues": {},
        "hook": "AfterControlPlaneInitialized",
        "chart": {"name": name, "version": "1.2.3", "repository": f"https://charts.example.org/{name}", "alias": ""},
        "values": {}, "overwrite": False,
    } | changes


def by_path(name: str, renderer: str = "helm", **changes: Any) -> dict[str, Any]:
    """An addon that is delivered from the branch."""
    return addon(name, renderer=renderer, chart=None, values=None, **changes)


def release(
    version: str, *addons: dict[str, Any], provider: str = "docker", stack: str = "scs", minor: str = "1-36",
    images: bool = False, cluster_addon: str = "v1", **changes: Any,
) -> ReleaseFacts:
    """A release with one class."""
    kubernetes = f"v{minor.replace('-', '.')}.2"
    name = f"{provider}-{stack}-{minor}-{version}"
    unit = {
        "unit": "v1",
        "items": [{
            "name": "ubuntu", "image": f"{provider}-{stack}-{kubernetes}-ubuntu-v1", "method": "url",
            "url": "https://images.example.org/ubuntu.qcow2", "checksum": "sha256:" + "0" * 64, "format": "qcow2",
        }],
        "objects": [{
            "apiVersion": "openstack.k-orc.cloud/v1alpha1", "kind": "Image",
            "name": f"{provider}-{stack}-{kubernetes}-ubuntu-v1", "file": "image-ubuntu.yaml",
        }],
    }
    data: dict[str, Any] = {
        "schemaVersion": 1, "name": name,
        "stack": {"id": f"{provider}/{stack}/{minor}", "provider": provider, "name": stack, "minor": minor},
        "versions": {
            "clusterStack": version, "kubernetes": kubernetes, "clusterAddon": cluster_addon, "nodeImage": "v1",
        },
        "sourceDigest": "sha256:" + "1" * 64, "tools": {"cluster-stacks": "0.1.0"},
        "classes": [{
            "name": name, "apiVersion": "cluster.x-k8s.io/v1beta2", "variables": [], "workers": ["default-worker"],
            "kubernetesVersions": [],
        }],
        "objects": [{
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "name": name,
            "file": "cluster-class/clusterclass.yaml",
        }],
        "addons": list(addons), "images": unit if images else None,
        "clusterVariables": ["cluster_name", "cluster_namespace"], "notes": [],
    }
    return ReleaseFacts.from_json(data | changes, "release.json")


SHELL = 'echo "${HOME:-/root} $$ $${kept} $HOME {{ .Values.x }} {{"{{"}}" | sed s/$//\n'


def docker() -> list[ReleaseFacts]:
    """Two versions of one minor and one of the next; between them, all forms that an addon has."""
    cilium = addon(
        "cilium", values={"ipam": {"mode": "kubernetes"}, "script": SHELL, "${key}": "{{ key }}", "version": "1.30",
                          "removed": None, "replicas": 2},
        clusterValues={"cluster.name": "cluster_name"},
    )
    oci = addon("oci", dependsOn=["cilium"], chart={
        "name": "oci", "version": "v1.2.3+build.1", "repository": "oci://registry.example.org/charts/",
        "alias": "short",
    }, clusterValues={"cluster.namespace": "cluster_namespace"})
    umbrella = by_path("umbrella", dependsOn=["cilium"], namespace="monitoring", releaseName="watch",
                       clusterValues={"metrics.cluster": "cluster_name"})
    plain = by_path("plain", "kustomize", dependsOn=["cilium"])
    after = by_path("after", "manifests", dependsOn=["plain"])
    agent = addon("konnectivity", clusterLabels={"cluster-stacks.io/konnectivity": "enabled"}, dependsOn=["cilium"])
    return [
        release("v3", cilium, oci, umbrella, plain, after, agent, cluster_addon="v2"),
        release("v4", cilium | {"chart": cilium["chart"] | {"version": "1.3.0"}}, oci, umbrella, plain, after, agent,
                cluster_addon="v3", notes=["BeforeClusterUpgrade hooks need cluster-stack-operator"]),
        release("v1", cilium, oci, umbrella, plain, after, agent, minor="1-37"),
    ]


def openstack() -> list[ReleaseFacts]:
    """Two releases that share a unit of node images."""
    ccm = addon("ccm", releaseName="openstack-cloud-controller-manager")
    return [
        release("v1", ccm, provider="openstack", images=True),
        release("v2", ccm, provider="openstack", images=True, classes=[]),
    ]
