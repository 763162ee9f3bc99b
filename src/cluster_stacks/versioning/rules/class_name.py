"""Names of releases in the sources are the stack's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.versioning.scan import VERSION, found, matches, text_files

RULE = RuleInfo(
    "CS151", "release-name-version", "a release's name in the sources has another version or minor than the stack",
    "The version of the cluster class is clusterStack, and names carry it. A name that is written by hand is right "
    "until the next bump; `<% release_name %>` always is.",
    source="cluster-stacks specification, versioning",
)

_LAYERS = (Layer.CLUSTER_CLASS, Layer.NODE_IMAGES)


def check(source: StackSource) -> Iterator[Finding]:
    """One finding for each name that is not this release's."""
    stack = source.stack
    prefix = f"{stack.provider}-{stack.name}-"
    own = stack.release_name(source.metadata.cluster_stack).encode()
    for file in text_files(source, *_LAYERS, holding=prefix):
        name = re.compile(rf"(?<![\w.-]){re.escape(prefix)}(\d+-\d+)-({VERSION})(?![\w.])".encode())
        for place, match in matches(file, name):
            if match.group() != own:
                message = f"{match.group().decode()} is not this release, {own.decode()}: write <% release_name %>"
                yield found(RULE, source, file, place, message, match.group().decode())
