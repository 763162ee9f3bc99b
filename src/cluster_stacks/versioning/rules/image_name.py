"""Names of node images in the sources carry the stack's Kubernetes and nodeImage versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.scan import VERSION, found, is_content, matches, text_files
from cluster_stacks.versioning.upstream import is_native, pinned

RULE = RuleInfo(
    "CS153", "image-name-version", "a node image's name in the sources has other versions than the stack",
    "Images are imported under names that carry the Kubernetes version and nodeImage, and the class names the image "
    "that belongs to it. `<% images['ubuntu-2404'].name %>` is always right.",
    source="cluster-stacks specification, node images",
)


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each name whose Kubernetes or image version is not the stack's, as far as these are known."""
    stack, own = source.stack, pinned(source)
    if own is None:
        return
    prefix = f"{stack.provider}-{stack.name}-"
    pattern = rf"{re.escape(prefix)}v(\d+\.\d+\.\d+)-([a-z0-9][-a-z0-9.]*?)-({VERSION})"
    for file in text_files(source, Layer.CLUSTER_CLASS, Layer.NODE_IMAGES, holding=prefix):
        name = re.compile(rf"(?<![\w.-]){pattern}(?![\w.-])".encode())
        for place, match in matches(file, name):
            kubernetes, image, version = (group.decode() for group in match.groups()[:3])
            unit = str(source.metadata.node_image) if source.metadata else version
            if (not own.is_of(kubernetes) or version != unit) and is_content(file, match):
                wanted = own if own.patch is not None else f"v{own.major}.{own.minor}.x"
                right = f"{stack.provider}-{stack.name}-{wanted}-{image}-{unit}"
                given = match.group().decode()
                mend = f"write <% images['{image}'].name %>" if is_native(source) else "mend it"
                yield found(RULE, source, file, place, f"{given} is not this release's image, {right}: {mend}", given)
