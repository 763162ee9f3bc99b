"""A new stack starts at v1."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.expected import VERSIONED
from cluster_stacks.versioning.judge import finding, must_be, wrong

RULE = RuleInfo(
    "CS107", "new-stack-version", "a new stack does not start at v1",
    "The first version of clusterStack, clusterAddon and nodeImage is v1, or a pre-release before it (v1-alpha.0, "
    "v0-sha.abc). A stack for another Kubernetes minor is a new stack.",
    source="csctl",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding for each version that is no first one."""
    if change.status is Status.NEW:
        for component in VERSIONED:
            if component in wrong(change):
                yield finding(RULE, change, component, f"{must_be(change, component)}: {change.stack} is a new stack")
