"""Names of node images in the sources carry the stack's Kubernetes and nodeImage versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.versioning.scan import VERSION, found, matches, text_files

RULE = RuleInfo(
    "CS153", "image-name-version", "a node image's name in the sources has other versions than the stack",
    "Images are imported under names that carry the Kubernetes version and nodeImage, and the class names the image "
    "that belongs to it. `<% images['ubuntu-2404'].name %>` is always right.",
    source="cluster-stacks specification, node images",
)


def check(source: StackSource) -> Iterator[Finding]:
    """One finding for each name whose Kubernetes or image version is not the stack's."""
    stack, metadata = source.stack, source.metadata
    prefix = f"{stack.provider}-{stack.name}-"
    pattern = rf"{re.escape(prefix)}(v\d+\.\d+\.\d+)-([a-z0-9][-a-z0-9.]*?)-({VERSION})"
    for file in text_files(source, Layer.CLUSTER_CLASS, Layer.NODE_IMAGES, holding=prefix):
        name = re.compile(rf"(?<![\w.-]){pattern}(?![\w.-])".encode())
        for place, match in matches(file, name):
            kubernetes, image, version = (group.decode() for group in match.groups()[:3])
            if (kubernetes, version) != (str(metadata.kubernetes), str(metadata.node_image)):
                right = f"{stack.provider}-{stack.name}-{metadata.kubernetes}-{image}-{metadata.node_image}"
                given = match.group().decode()
                message = f"{given} is not this release's image, {right}: write <% images['{image}'].name %>"
                yield found(RULE, source, file, place, message, given)
