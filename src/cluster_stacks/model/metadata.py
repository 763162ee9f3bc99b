"""What metadata.yaml says: the source of truth for the versions of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.version import KubernetesVersion, Version

METADATA_API_VERSION = "metadata.clusterstack.x-k8s.io/v1alpha1"


class Component(StrEnum):
    """A version in metadata.yaml, by its key."""

    CLUSTER_STACK = "clusterStack"
    KUBERNETES = "kubernetes"
    CLUSTER_ADDON = "clusterAddon"
    NODE_IMAGE = "nodeImage"


VERSION_PATHS: dict[Component, tuple[str, ...]] = {
    Component.CLUSTER_STACK: ("versions", "clusterStack"),
    Component.KUBERNETES: ("versions", "kubernetes"),
    Component.CLUSTER_ADDON: ("versions", "components", "clusterAddon"),
    Component.NODE_IMAGE: ("versions", "components", "nodeImage"),
}

FLAT_PATHS: dict[Component, tuple[str, ...]] = {
    Component.CLUSTER_STACK: ("clusterStack",),
    Component.CLUSTER_ADDON: ("components", "clusterAddon", "version"),
    Component.NODE_IMAGE: ("components", "nodeImage", "version"),
}
"""Where the oldest layout has the versions; Kubernetes is not among them."""

LAYER_COMPONENT: dict[Layer, Component] = {
    Layer.CLUSTER_CLASS: Component.CLUSTER_STACK,
    Layer.CLUSTER_ADDON: Component.CLUSTER_ADDON,
    Layer.NODE_IMAGES: Component.NODE_IMAGE,
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """The versions of one stack. `positions` holds where each stands in the file, for findings.

    The oldest layout does not name the Kubernetes patch: then `patch_known` is False, and the patch is 0.
    """

    cluster_stack: Version
    kubernetes: KubernetesVersion
    cluster_addon: Version
    node_image: Version
    positions: Mapping[Component, Position] = field(default_factory=dict, compare=False, repr=False)
    patch_known: bool = True

    def component(self, component: Component) -> Version | KubernetesVersion:
        """The version under that key."""
        match component:
            case Component.CLUSTER_STACK:
                return self.cluster_stack
            case Component.KUBERNETES:
                return self.kubernetes
            case Component.CLUSTER_ADDON:
                return self.cluster_addon
            case Component.NODE_IMAGE:
                return self.node_image

    def as_dict(self) -> dict[str, str]:
        """`{"clusterStack": "v3", …}` in the order of the file."""
        return {component.value: self.text(component) for component in Component}

    def text(self, component: Component) -> str:
        """The version as it is shown: of Kubernetes `v1.26` where no patch is known."""
        if component is Component.KUBERNETES and not self.patch_known:
            return f"v{self.kubernetes.major}.{self.kubernetes.minor}"
        return str(self.component(component))
