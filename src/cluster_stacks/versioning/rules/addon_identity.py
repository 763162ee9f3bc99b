"""An addon stays what a cluster knows it as."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack import StackId
from cluster_stacks.versioning.change import LostAddon, StackChange

RULE = RuleInfo(
    "CS111", "addon-identity", "an addon is removed, renamed, or moved to another namespace",
    "A cluster knows an addon by its folder's name, its namespace and the name of its Helm release. Where one of them "
    "changes, the upgrade to the new release uninstalls the addon before the other is there: for a CNI that is an "
    "outage. Compared with the stack on the target branch, for a new stack with the minor before it. Meant so? Waive "
    "the rule for the stack, with the reason, in .cluster-stacks.yaml.",
    source="this project: docs/versioning.md",
)


def check(change: StackChange) -> Iterator[Finding]:
    """One finding for each addon that is lost."""
    return (finding_of(change.stack, lost) for lost in change.lost)


def finding_of(stack: StackId, lost: LostAddon) -> Finding:
    """What to say of an addon that `stack` loses."""
    name = lost.loss.before.name
    since = "" if lost.since == stack else f" since {lost.since}"
    message = f"the addon {name} {_what(lost)}{since}: {_so(lost)}, or waive {RULE.id} for {stack}"
    return Finding(RULE.id, RULE.severity, message, lost.path, stack=str(stack), key=name)


def _what(lost: LostAddon) -> str:
    before, now = lost.loss
    if now is None:
        return "is removed"
    told = [f"is renamed to {now.name}"] if now.name != before.name else []
    if now.release_name != before.release_name:
        told.append(f"gets the Helm release {now.release_name} for {before.release_name}")
    if now.namespace != before.namespace:
        told.append(f"moves from namespace {before.namespace} to {now.namespace}")
    return " and ".join(told)


def _so(lost: LostAddon) -> str:
    if lost.loss.now is None:
        return "clusters that have it lose it with the upgrade; put it back"
    return "clusters uninstall the one before they have the other; keep it as it was"
