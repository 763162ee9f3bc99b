"""With `bump: merge`, changes leave versions alone, and are told what the merge makes of them."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, Fix, RuleInfo, Severity
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.merging import after_merge, moved

MOVED = RuleInfo(
    "CS130", "version-left-to-merge", "a change moves a version, and the settings leave that to the merge",
    "With `bump: merge` the job that runs after a merge moves the versions, so that branches do not have to bump again "
    "after each neighbour's merge. A version that a change brings along would be one step that nobody counted. Only a "
    "change to another channel (v4-alpha.3 to v4) is written by hand.",
    source="this project: docs/settings.md",
)
TOLD = RuleInfo(
    "CS131", "version-after-merge", "what the merge will make of the versions",
    "With `bump: merge`: the versions as they will be if the change is merged now. Another merge before it takes the "
    "number, and this change then gets the next.",
    Severity.NOTE, "this project: docs/settings.md",
)


def check_moved(change: StackChange) -> Iterator[Finding]:
    """One finding for each version that moved."""
    assert change.head is not None
    for component, (given, before) in moved(change).items():
        message = f"leave versions to the merge: {component} must stay {before}, not {given}"
        yield Finding.at(
            MOVED.id, MOVED.severity, message, change.stack.metadata_path, change.head.positions.get(component),
            stack=str(change.stack), key=component.value, fix=Fix(f"set {component} back to {before}", change.bump),
        )


def check_told(change: StackChange) -> Iterator[Finding]:
    """One note for the stack, if anything of it changed."""
    assert change.head is not None
    coming = after_merge(change)
    if not coming:
        return
    made = [f"{component} {version or 'a version to be chosen'}" for component, version in coming.items()]
    listed = " and ".join(filter(None, [", ".join(made[:-1]), made[-1]]))
    message = f"the merge makes {listed}: {change.reason(Component.CLUSTER_STACK)}"
    yield Finding.at(
        TOLD.id, TOLD.severity, message, change.stack.metadata_path,
        change.head.positions.get(Component.CLUSTER_STACK), stack=str(change.stack), key="merge",
    )
