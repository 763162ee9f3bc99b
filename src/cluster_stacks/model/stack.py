"""Stacks, layers and components: what a path in the repository means."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

PROVIDERS = "providers"
SETTINGS_PATH = ".cluster-stacks.yaml"
SHARED = "shared"
MINOR = re.compile(r"(0|[1-9][0-9]{0,3})-(0|[1-9][0-9]{0,3})")
NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


class Layer(StrEnum):
    """A layer, by the name of its folder."""

    CLUSTER_CLASS = "cluster-class"
    CLUSTER_ADDON = "cluster-addon"
    NODE_IMAGES = "node-images"


LAYERS: tuple[Layer, ...] = tuple(Layer)

# csctl's code reads `node-image/`, real stacks have `node-images/`: both are the one layer.
LAYER_FOLDERS: dict[str, Layer] = {layer.value: layer for layer in Layer} | {"node-image": Layer.NODE_IMAGES}

ROOT_FILES: dict[str, Layer] = {
    "clusteraddon.yaml": Layer.CLUSTER_ADDON,
    "cluster-addon-values.yaml": Layer.CLUSTER_ADDON,
    "node-images.yaml": Layer.NODE_IMAGES,
    "image.yaml": Layer.NODE_IMAGES,
    "kubernetes.yaml": Layer.NODE_IMAGES,
    "registry.yaml": Layer.NODE_IMAGES,
    "sample-cluster.yaml": Layer.CLUSTER_CLASS,
}
"""Files beside the layers' folders that belong to one of them (a judgement of this project: see docs/versioning.md).

`topology-*.yaml`, older layouts' name for the sample Cluster, is one more of the class.
"""


def layer_of(path: str) -> Layer | None:
    """The layer that a path relative to the stack's folder belongs to; None for metadata.yaml, overlay.yaml, README.md.

    `README*` is not content, except in node-images, where it may be the build instructions.
    """
    folder, slash, _ = path.partition("/")
    if not slash:
        is_sample = path.startswith("topology-") and path.endswith(".yaml")
        # A link, a submodule or a file in the place of a layer's folder is all there is of the layer.
        return Layer.CLUSTER_CLASS if is_sample else ROOT_FILES.get(path) or LAYER_FOLDERS.get(path)
    layer = LAYER_FOLDERS.get(folder)
    if layer is not Layer.NODE_IMAGES and path.rpartition("/")[2].upper().startswith("README"):
        return None
    return layer


class StackId(NamedTuple):
    """One stack: `providers/<provider>/<name>/<minor>`, the minor written with a dash (`1-36`)."""

    provider: str
    name: str
    minor: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.name}/{self.minor}"

    @property
    def path(self) -> str:
        """The stack's folder in the repository."""
        return f"{PROVIDERS}/{self}"

    @property
    def shared_path(self) -> str:
        """The folder of what every minor of this stack has in common."""
        return f"{PROVIDERS}/{self.provider}/{self.name}/{SHARED}"

    @property
    def metadata_path(self) -> str:
        return f"{self.path}/metadata.yaml"

    @property
    def series(self) -> str:
        """`docker-scs-1-36`: what all releases of this stack have in common in their names."""
        return f"{self.provider}-{self.name}-{self.minor}"

    @property
    def kubernetes_minor(self) -> str:
        """`1.36`."""
        return self.minor.replace("-", ".")

    @property
    def sort_key(self) -> tuple[str, str, tuple[int, ...]]:
        """Orders 1-9 before 1-10, which the text does not."""
        parts = self.minor.split("-")
        return (self.provider, self.name, tuple(int(p) if p.isdigit() else -1 for p in parts))

    def release_name(self, version: object) -> str:
        """`docker-scs-1-36-v3`, the name of a release and of its ClusterClass."""
        return f"{self.series}-{version}"

    @classmethod
    def parse(cls, text: str) -> StackId | None:
        """Reads `docker/scs/1-36`, with or without `providers/` before it; None where it is no such name."""
        parts = text.strip("/").removeprefix(PROVIDERS + "/").split("/")
        return cls(*parts) if len(parts) == 3 and MINOR.fullmatch(parts[2]) else None
