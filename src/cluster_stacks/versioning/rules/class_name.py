"""Names of releases in the sources are the stack's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.scan import VERSION, found, is_content, matches, text_files
from cluster_stacks.versioning.upstream import is_native, is_written_for

RULE = RuleInfo(
    "CS151", "release-name-version", "a release's name in the sources has another version or minor than the stack",
    "The version of the cluster class is clusterStack, and names carry it. A name that is written by hand is right "
    "until the next bump; `<% release_name %>` always is.",
    source="cluster-stacks specification, versioning",
)

_LAYERS = (Layer.CLUSTER_CLASS, Layer.NODE_IMAGES)


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each name that is not this release's; where the sources say no version, of another minor."""
    stack = source.stack
    if not is_written_for(source):
        return
    prefix = f"{stack.provider}-{stack.name}-"
    version = source.metadata.cluster_stack if source.metadata else ""
    own = (stack.release_name(version) if version else f"{stack.series}-").encode()
    for file in text_files(source, *_LAYERS, holding=prefix):
        name = re.compile(rf"(?<![\w.-]){re.escape(prefix)}(\d+-\d+)-({VERSION})(?![\w.])".encode())
        for place, match in matches(file, name):
            right = match.group() == own if version else match.group().startswith(own)
            if not right and is_content(file, match):
                given = match.group().decode()
                mend = "write <% release_name %>" if is_native(source) else "mend it"
                what = f"this release, {own.decode()}" if version else f"a release of this stack, {stack.series}"
                yield found(RULE, source, file, place, f"{given} is not {what}: {mend}", given)
