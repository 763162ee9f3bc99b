"""Which schema an object is judged by, and what is said of one that has none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.compact import DRAFT
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.folders import MappingFolder
from cluster_stacks.validation.index import INDEX, KindInfo, dump_index
from cluster_stacks.validation.kubeconform import Batch, Status
from cluster_stacks.validation.problem import Item
from cluster_stacks.validation.store import Store, minors, nearest_minor

WANTED = """
cluster.x-k8s.io/v1beta1 Cluster ClusterClass MachineDeployment MachinePool MachineHealthCheck
cluster.x-k8s.io/v1beta2 Cluster ClusterClass MachineDeployment MachinePool MachineHealthCheck
bootstrap.cluster.x-k8s.io/v1beta2 KubeadmConfig KubeadmConfigTemplate
controlplane.cluster.x-k8s.io/v1beta2 KubeadmControlPlane KubeadmControlPlaneTemplate
infrastructure.cluster.x-k8s.io/v1beta2 DockerCluster DockerClusterTemplate DockerMachine DockerMachineTemplate
infrastructure.cluster.x-k8s.io/v1beta2 DevCluster DevClusterTemplate DevMachine DevMachineTemplate
infrastructure.cluster.x-k8s.io/v1beta1 OpenStackCluster OpenStackClusterTemplate OpenStackMachineTemplate
infrastructure.cluster.x-k8s.io/v1beta2 OpenStackCluster OpenStackClusterTemplate OpenStackMachineTemplate
addons.cluster.x-k8s.io/v1beta2 ClusterResourceSet
addons.cluster.x-k8s.io/v1alpha1 HelmChartProxy
openstack.k-orc.cloud/v1alpha1 Image
source.toolkit.fluxcd.io/v1 GitRepository OCIRepository HelmRepository HelmChart
kustomize.toolkit.fluxcd.io/v1 Kustomization
helm.toolkit.fluxcd.io/v2 HelmRelease
argoproj.io/v1alpha1 AppProject Application ApplicationSet
v1 ConfigMap Secret Service Namespace
apps/v1 Deployment DaemonSet StatefulSet
rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding
apiextensions.k8s.io/v1 CustomResourceDefinition
"""


@pytest.mark.parametrize("line", WANTED.split("\n")[1:-1])
def test_the_kinds_that_stacks_are_made_of_are_known(store: Store, line: str) -> None:
    api_version, *kinds = line.split()
    assert [kind for kind in kinds if store.find(api_version, kind) is None] == []


def test_every_bundled_schema_can_be_used_by_both_engines(kubeconform: Tool, tmp_path: Path) -> None:
    for minor in minors():
        store = Store(minor)
        batch, engine, keys = Batch(tmp_path / minor), Embedded(store), set()
        for info, _ in store.kinds():
            if not info.minor and minor != minors()[-1]:
                continue  # custom resources are the same for all
            item = Item(0, (), {"apiVersion": info.api_version, "kind": info.kind, "unknown": 1})
            batch.put_schema(info, store.schema(info))
            keys.add(batch.put(info.file.replace("/", "_").removesuffix(".json"), item.value, info))
            assert not engine.is_valid(item, info), info
        judgements = batch.run(kubeconform, keys, 2)
        assert {judgement.status for judgement in judgements.values()} == {Status.INVALID}


def test_minors_are_ordered_as_numbers() -> None:
    assert minors() == ("1.34", "1.35", "1.36", "1.37")
    assert [nearest_minor(minor) for minor in ("1.9", "1.33", "1.36", "1.40", "2.1")] == [
        "1.34", "1.34", "1.36", "1.37", "1.37"
    ]


def test_kinds_come_and_go_with_the_minor() -> None:
    assert Store("1.37").find("scheduling.k8s.io/v1alpha2", "Workload") is None
    assert Store("1.36").find("scheduling.k8s.io/v1alpha2", "Workload") is not None


def test_the_last_folder_wins() -> None:
    info = KindInfo("cluster.x-k8s.io", "v1beta2", "Cluster", source="ours")
    files = {INDEX: dump_index([info]).encode(), info.file: json.dumps({"$schema": DRAFT}).encode()}
    own = MappingFolder(files, "ours")
    store = Store("1.36", [own])
    found = store.find("cluster.x-k8s.io/v1beta2", "Cluster")
    assert found is not None
    assert (found.source, store.schema(found)) == ("ours", {"$schema": DRAFT})
    assert {label for _, label in store.kinds()} == {"bundled", "kubernetes", "ours"}


@pytest.mark.parametrize(("api_version", "kind", "advice"), [
    ("policy/v1beta1", "PodDisruptionBudget", "PodDisruptionBudget is known as policy/v1"),
    ("apps/v1beta1", "Deployment", "Deployment is known as apps/v1"),
    ("extensions/v1beta1", "Deployment", "Deployment is known as apps/v1"),
    ("cluster.x-k8s.io/v1alpha4", "Cluster",
     "Cluster is known as cluster.x-k8s.io/v1beta1, cluster.x-k8s.io/v1beta2"),
    ("cluster.x-k8s.io/v1beta2", "ClusterClas", "did you mean ClusterClass?"),
    ("v1", "ConfigMapp", "did you mean ConfigMap?"),
    ("v1", "Whatever", "Kubernetes 1.36 has no such kind"),
    ("infrastructure.cluster.x-k8s.io/v1beta1", "NutanixCluster", "add its CRD with `cluster-stacks schemas add FILE`"),
    ("example.org/v1", "Cluster", "add its CRD with `cluster-stacks schemas add FILE`"),
])
def test_advice_for_an_unknown_kind(store: Store, api_version: str, kind: str, advice: str) -> None:
    assert store.find(api_version, kind) is None
    assert store.advice(api_version, kind) == advice
