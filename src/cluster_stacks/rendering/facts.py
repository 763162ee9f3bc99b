"""release.json: what a release is, for machines. schemas/release.schema.json describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cluster_stacks import __version__
from cluster_stacks.model.release import ImageUnit, RenderedObject
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering.addons import Addons
from cluster_stacks.rendering.context import image_name
from cluster_stacks.rendering.images import Images

SCHEMA_VERSION = 1
CLUSTER_VARIABLES = ("cluster_name", "cluster_namespace")
"""What delivery knows of a cluster and an addon's `clusterValues` may name."""


def release_facts(
    source: StackSource, digest: str, objects: Sequence[RenderedObject], addons: Addons, images: Images | None,
    unit: ImageUnit | None, tools: Mapping[str, str], notes: Sequence[str],
    breaking: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """The facts of one release. No commit, no time, no host: a function of the source and the versions of the tools."""
    stack = source.stack
    return {
        "schemaVersion": SCHEMA_VERSION,
        "name": stack.release_name(source.metadata.cluster_stack),
        "stack": {"id": str(stack), "provider": stack.provider, "name": stack.name, "minor": stack.minor},
        "versions": source.metadata.as_dict(),
        "sourceDigest": digest,
        "tools": {"cluster-stacks": __version__, **dict(sorted(tools.items()))},
        "classes": [class_fact(item.value) for item in objects if item.kind == "ClusterClass"],
        "objects": object_facts(objects),
        "addons": list(addons.facts),
        "images": None if images is None else _image_facts(source, images, unit),
        "clusterVariables": list(CLUSTER_VARIABLES),
        "notes": list(notes),
        **({"breaking": [dict(entry) for entry in breaking]} if breaking else {}),
    }


def object_facts(objects: Iterable[RenderedObject]) -> list[dict[str, str]]:
    """Of each object what it is and where it stands in its folder."""
    return [{"apiVersion": o.api_version, "kind": o.kind, "name": o.name, "file": o.file} for o in objects]


def class_fact(value: Mapping[str, object]) -> dict[str, Any]:
    """What a Cluster that moves to this class must fit."""
    spec = value.get("spec")
    variables = [v for v in _items(spec, "variables") if isinstance(v.get("name"), str)]
    workers = _mapping(spec, "workers")
    versions = _mapping(spec).get("kubernetesVersions")
    return {
        "name": _mapping(value, "metadata").get("name"),
        "apiVersion": value.get("apiVersion"),
        "variables": [{"name": v["name"], "required": v.get("required") is True} for v in variables],
        "workers": [
            worker["class"] for key in ("machineDeployments", "machinePools") for worker in _items(workers, key)
            if isinstance(worker.get("class"), str)
        ],
        "kubernetesVersions": [v for v in versions if isinstance(v, str)] if isinstance(versions, list) else [],
    }


def image_items(source: StackSource, images: Images) -> list[dict[str, str]]:
    """The images, with the versioned names that machines ask for."""
    return [
        {
            "name": image.name, "image": image_name(source.stack, source.metadata, image.name), "method": image.method,
            "url": image.url, "checksum": image.checksum, "format": image.format,
        }
        for image in images.items
    ]


def _image_facts(source: StackSource, images: Images, unit: ImageUnit | None) -> dict[str, Any]:
    return {
        "unit": str(source.metadata.node_image),
        "items": image_items(source, images),
        "objects": object_facts(unit.objects) if unit else [],
    }


def _mapping(value: object, key: str | None = None) -> Mapping[str, Any]:
    found = value.get(key) if key is not None and isinstance(value, dict) else value
    return found if isinstance(found, dict) else {}


def _items(value: object, key: str) -> list[Mapping[str, Any]]:
    found = _mapping(value).get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
