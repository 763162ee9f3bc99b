"""A stack as small as Cluster API's schemas allow: it renders, validates and publishes without any tool."""

from __future__ import annotations

from gitrepo_plugin import metadata

STACK = "providers/docker/scs"
MACHINE = """\
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: DevMachineTemplate
metadata: {name: <% release_name %>-worker}
spec: {template: {spec: {backend: {docker: {customImage: 'node:IMAGE'}}}}}
"""
CONTROL_PLANE = """\
apiVersion: controlplane.cluster.x-k8s.io/v1beta2
kind: KubeadmControlPlaneTemplate
metadata: {name: <% release_name %>-control-plane}
spec: {template: {spec: {kubeadmConfigSpec: {format: cloud-config}}}}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: DevClusterTemplate
metadata: {name: <% release_name %>-cluster}
spec: {template: {spec: {backend: {docker: {}}}}}
---
apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
kind: KubeadmConfigTemplate
metadata: {name: <% release_name %>-worker}
spec: {template: {spec: {format: cloud-config}}}
"""
CLASS = """\
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata: {name: <% release_name %>}
spec:
  infrastructure:
    templateRef:
      apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
      kind: DevClusterTemplate
      name: <% release_name %>-cluster
  controlPlane:
    templateRef:
      apiVersion: controlplane.cluster.x-k8s.io/v1beta2
      kind: KubeadmControlPlaneTemplate
      name: <% release_name %>-control-plane
    machineInfrastructure:
      templateRef:
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: DevMachineTemplate
        name: <% release_name %>-worker
  workers:
    machineDeployments:
      - class: default
        bootstrap:
          templateRef:
            apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
            kind: KubeadmConfigTemplate
            name: <% release_name %>-worker
        infrastructure:
          templateRef:
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: DevMachineTemplate
            name: <% release_name %>-worker
"""


def files(minor: str = "1-36", version: str = "v1", image: str = "a", *, stack: str = STACK) -> dict[str, str]:
    """Its files: `image` is what stands in the one template of machines."""
    folder = f"{stack}/{minor}"
    return {
        f"{folder}/metadata.yaml": metadata(version, f"v{minor.replace('-', '.')}.1"),
        f"{folder}/cluster-class/class.yaml": CLASS,
        f"{folder}/cluster-class/control-plane.yaml": CONTROL_PLANE,
        f"{folder}/cluster-class/machine.yaml": MACHINE.replace("IMAGE", image),
        f"{folder}/cluster-addon/cilium/cilium.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium}\n",
    }
