"""A new stack starts at v1, or says of which minor it is a copy."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.expected import VERSIONED
from cluster_stacks.versioning.judge import finding, must_be, wrong

RULE = RuleInfo(
    "CS107", "new-stack-version", "a new stack does not start at v1",
    "The first version of clusterStack, clusterAddon and nodeImage is v1, or a pre-release before it (v1-alpha.0, "
    "v0-sha.abc). A stack for another Kubernetes minor is a new stack; one that is a copy of another minor may keep "
    "all three versions of it if its overlay.yaml says so: `from: 1-36`.",
    source="csctl",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding for each version that is neither a first one nor that of the minor it comes from."""
    if change.status is not Status.NEW:
        return
    for component in VERSIONED:
        if component in wrong(change):
            yield finding(RULE, change, component, f"{must_be(change, component)}: {change.stack} {_why(change)}")


def _why(change: StackChange) -> str:
    origin = change.origin
    if origin is None:
        return "is a new stack"
    if not origin.said:
        said = f"`from: {origin.minor}` in overlay.yaml"
        return f"is a new stack; a copy of {origin.minor} says {said} to keep its versions"
    if not origin.versions:
        return "is a new stack"
    versions = origin.versions[0]
    told = f"{versions.cluster_stack}, {versions.cluster_addon}, {versions.node_image}"
    return f"is a copy of {origin.minor} and has all its versions ({told}), or starts at v1"
