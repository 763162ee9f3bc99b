"""What each file of a stack is for, seen from its path: the one place that knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from cluster_stacks.model.stack import LAYER_FOLDERS, Layer, layer_of

SAMPLE_CLUSTER = "sample-cluster.yaml"
ADDON_ORDER = "clusteraddon.yaml"
CLASS_FOLDER = "cluster-class"
BREAKING = f"{CLASS_FOLDER}/breaking.yaml"
"""What a release breaks on purpose: content of the class layer, and no object."""
ADDON_FOLDER = "cluster-addon"
IMAGES = "images.yaml"
IMAGES_LOCK = "images.lock.yaml"
IMAGE_TEMPLATES = "templates/"
ADDON_FILE = "addon.yaml"
OVERWRITE = "overwrite.yaml"
CHART = "Chart.yaml"
VALUES = "values.yaml"
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
YAML = (".yaml", ".yml")

T = TypeVar("T")


class Renderer(StrEnum):
    """What makes objects of a folder, by the name that release.json gives it."""

    HELM = "helm"
    KUSTOMIZE = "kustomize"
    MANIFESTS = "manifests"


def renderer_of(names: Iterable[str]) -> Renderer:
    """The renderer of a folder with these files (paths relative to it)."""
    present = set(names)
    if CHART in present:
        return Renderer.HELM
    return Renderer.KUSTOMIZE if present.intersection(KUSTOMIZATIONS) else Renderer.MANIFESTS


def below(files: Mapping[str, T], folder: str) -> dict[str, T]:
    """The files below `folder`, keyed by the path relative to it."""
    prefix = folder.rstrip("/") + "/"
    return {path[len(prefix):]: file for path, file in files.items() if path.startswith(prefix)}


def image_files(files: Mapping[str, T]) -> dict[str, T]:
    """The files of the node-images layer, under whichever of its two names the folder goes."""
    found: dict[str, T] = {}
    for name, layer in LAYER_FOLDERS.items():
        if layer is Layer.NODE_IMAGES:
            found |= below(files, name)
    return found


def is_template(path: str) -> bool:
    """Whether rendering may take the file at `path` (relative to the stack's folder) for a Jinja2 template.

    A path alone does not tell the template of a chart from a manifest: True for both.
    """
    folder, slash, rest = path.partition("/")
    if not slash:
        return path in (SAMPLE_CLUSTER, ADDON_ORDER)
    if LAYER_FOLDERS.get(folder) is Layer.NODE_IMAGES:
        return rest == IMAGES or (rest.startswith(IMAGE_TEMPLATES) and rest.endswith(YAML))
    if layer_of(path) is None or path == BREAKING:
        return False
    if folder == ADDON_FOLDER and rest.partition("/")[2] in (ADDON_FILE, OVERWRITE):
        return False
    return rest.endswith(YAML) or rest.rpartition("/")[2] in KUSTOMIZATIONS


def is_hidden(path: str) -> bool:
    """Whether a part of the path begins with a dot: `.gitkeep`, `.helmignore`."""
    return any(part.startswith(".") for part in path.split("/"))
