"""What the templates of each layer may read: schemas/context.schema.json, and nothing beyond it.

A layer sees only what its content may depend on. Without that, an addon that prints `release_name` would change with
every version of its stack, and be bumped and rolled out for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering.images import Image
from cluster_stacks.rendering.jinja import Scope

_KEYS = {
    Component.CLUSTER_STACK: "cluster_stack",
    Component.CLUSTER_ADDON: "cluster_addon",
    Component.NODE_IMAGE: "node_image",
}
_FIXED = "content must not depend on the version of the stack"
_ADDON_ABSENT = {
    "release_name": f"an addon's {_FIXED}",
    "images": "an addon's content must not depend on the node images",
    "cluster_stack": f"an addon's {_FIXED}",
    "node_image": "an addon's content must not depend on the node images",
}
_IMAGE_ABSENT = {
    "release_name": f"an image's {_FIXED}",
    "cluster_stack": f"an image's {_FIXED}",
    "cluster_addon": "an image's content must not depend on the addons",
}
_IMAGES_ABSENT = _IMAGE_ABSENT | {"images": "images.yaml is what `images` is made of"}


def class_scope(source: StackSource, images: Iterable[Image], unbuilt: Iterable[str]) -> Scope:
    """For cluster-class/ and sample-cluster.yaml: everything. `unbuilt` are the names of images without a result."""
    values = _values(source, *_KEYS) | {
        "release_name": source.stack.release_name(source.metadata.cluster_stack),
        "images": _images(source, images),
    }
    return Scope(values, _unbuilt(unbuilt))


def addon_scope(source: StackSource) -> Scope:
    """For cluster-addon/ and clusteraddon.yaml."""
    return Scope(_values(source, Component.CLUSTER_ADDON), _ADDON_ABSENT)


def images_scope(source: StackSource) -> Scope:
    """For node-images/images.yaml."""
    return Scope(_values(source, Component.NODE_IMAGE), _IMAGES_ABSENT)


def image_template_scope(source: StackSource, images: Iterable[Image], unbuilt: Iterable[str]) -> Scope:
    """For node-images/templates/."""
    values = _values(source, Component.NODE_IMAGE) | {"images": _images(source, images)}
    return Scope(values, _IMAGE_ABSENT | _unbuilt(unbuilt))


def image_name(stack: StackId, metadata: Metadata, image: str) -> str:
    """`docker-scs-v1.36.1-ubuntu-2404-v2`: what an image is called where machines ask for it by name.

    The form is that of the SCS specification: provider, stack, Kubernetes version, image, version of the node image.
    """
    return f"{stack.provider}-{stack.name}-{metadata.kubernetes}-{image}-{metadata.node_image}"


def _values(source: StackSource, *components: Component) -> dict[str, Any]:
    stack, metadata = source.stack, source.metadata
    return {
        "stack": {
            "id": str(stack), "provider": stack.provider, "name": stack.name, "minor": stack.minor,
            "series": stack.series,
        },
        "kubernetes": {
            "version": str(metadata.kubernetes), "number": str(metadata.kubernetes).removeprefix("v"),
            "minor": stack.kubernetes_minor,
        },
        "vars": dict(source.vars),
        "versions": {_KEYS[component]: str(metadata.component(component)) for component in components},
    }


def _images(source: StackSource, images: Iterable[Image]) -> dict[str, dict[str, str]]:
    return {
        image.name: {
            "name": image_name(source.stack, source.metadata, image.name), "url": image.url,
            "checksum": image.checksum, "checksum_value": image.checksum.partition(":")[2], "format": image.format,
            "method": image.method,
        }
        for image in images
    }


def _unbuilt(names: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(names, "it has no result in images.lock.yaml yet: build it, and lock what the build gave")
