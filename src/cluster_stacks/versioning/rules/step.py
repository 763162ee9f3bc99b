"""A version moves by one."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.expected import VERSIONED, floor, version_of
from cluster_stacks.versioning.judge import finding, misstepped, must_be

RULE = RuleInfo(
    "CS106", "version-step", "a version moved by another step than one",
    "A version is never skipped, never goes down and is never used again: v3 is followed by v4, v1-alpha.0 by "
    "v1-alpha.1, by v1-beta.0 or by v1. A revert is a new, higher version.",
    source="csctl",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding for each version that moved wrongly."""
    for component in VERSIONED:
        if misstepped(change, component):
            assert change.head is not None
            given, before = version_of(change.head, component), floor(change, component)
            message = f"{must_be(change, component)}, not {given}: it follows {before} on {change.target}"
            yield finding(RULE, change, component, message)
