"""Images that machines look for in their own namespace."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.validation.capi.view import mapping, text
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS708", "image-missing", "an Image that machines will not find",
    "A machine of OpenStack names an Image object, which must be in its own namespace. Node images are delivered to "
    "each namespace that holds Clusters; an Image beside the class is in the class's namespace alone, and one that "
    "the release does not have at all is nowhere. Where a release delivers no Images, somebody else must: a warning.",
    source="Cluster API Provider OpenStack: imageRef; this project: scopes of delivery",
)
ORC = "openstack.k-orc.cloud"
_PATH = ("spec", "template", "spec", "image", "imageRef")


def check(context: Context) -> Iterator[Problem]:
    """Finds images by reference that no image unit delivers."""
    if context.release is None:
        return
    images = [item for item in context.items if item.kind == "Image" and _group(item) == ORC]
    for item in context.items:
        name = text(mapping(item.value, *_PATH), "name") if item.kind == "OpenStackMachineTemplate" else ""
        if name:
            yield from _look_up(item, name, images)


def _look_up(item: Item, name: str, images: list[Item]) -> Iterator[Problem]:
    same = [image for image in images if image.name == name]
    unit = [image.name for image in images if image.scope != item.scope]
    if any(image.scope != item.scope for image in same):
        return
    severity = Severity.ERROR if unit else Severity.WARNING
    if same:
        severity = Severity.WARNING
        message = f"the Image {name!r} is delivered beside the class alone: move it to node-images/templates"
    else:
        near = near_names(name, unit)
        hint = f"did you mean {near[0]!r}?" if near else "declare it in node-images, or say where it comes from"
        message = f"machines look for an Image {name!r} in their namespace, and the release delivers none: {hint}"
    pointer = (*item.prefix, *_PATH, "name")
    yield Problem(item.document, RULE.id, message, pointer, severity=severity, item=item)


def _group(item: Item) -> str:
    return split_api_version(item.api_version)[0]
