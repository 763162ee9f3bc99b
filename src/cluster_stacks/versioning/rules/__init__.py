"""The rules of versioning, one file each. A new rule is a new file and one line here.

CS101 and on judge a change, CS150 and on the proposed state of a stack that changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.layout import Layout
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.expected import is_plain
from cluster_stacks.versioning.rules import (
    case_conflict,
    class_name,
    component_order,
    image_name,
    kubernetes_pin,
    lfs_pointer,
    placeholder,
    unquoted_version,
    vendored_charts,
)

STATE_RULES: tuple[tuple[RuleInfo, Callable[[StackState], Iterator[Finding]]], ...] = (
    (component_order.RULE, component_order.check),
    (class_name.RULE, class_name.check),
    (kubernetes_pin.RULE, kubernetes_pin.check),
    (image_name.RULE, image_name.check),
    (vendored_charts.RULE, vendored_charts.check),
    (placeholder.RULE, placeholder.check),
    (unquoted_version.RULE, unquoted_version.check),
    (lfs_pointer.RULE, lfs_pointer.check),
    (case_conflict.RULE, case_conflict.check),
)

RULES: tuple[RuleInfo, ...]
"""What all of them say, those of history and of upstream's layouts too: put together when it is asked for."""


def __getattr__(name: str) -> tuple[RuleInfo, ...]:
    if name != "RULES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cluster_stacks.versioning.rules import history
    from cluster_stacks.versioning.rules.of_changes import CHANGE_RULES
    from cluster_stacks.versioning.rules.of_layouts import LAYOUT_RULES

    judged = (info for info, _ in (*CHANGE_RULES, *STATE_RULES, *LAYOUT_RULES))
    return tuple(sorted((*judged, *history.RULES), key=lambda info: info.id))


def judge_change(change: StackChange, *, merge: bool = False) -> list[Finding]:
    """What the rules of change say of one stack; with `merge`, where versions are moved after the merge."""
    if not merge and is_plain(change):
        return []
    from cluster_stacks.versioning.rules.of_changes import judge

    return judge(change, merge=merge)


def judge_state(source: StackState) -> list[Finding]:
    """What the rules of state say of one stack."""
    found = [finding for _, check in STATE_RULES for finding in check(source)]
    if source.layout is not Layout.NATIVE:
        from cluster_stacks.versioning.rules.of_layouts import LAYOUT_RULES

        found += [finding for _, check in LAYOUT_RULES for finding in check(source)]
    return found
