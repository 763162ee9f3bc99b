"""The rules of versioning, one file each. A new rule is a new file and one line here.

CS101 and on judge a change, CS150 and on the proposed state of a stack that changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.rules import (
    bump_without_change,
    class_name,
    cluster_addon,
    cluster_stack,
    collision,
    component_order,
    image_name,
    kubernetes_pin,
    new_stack,
    node_image,
    stack_removed,
    step,
    unreadable,
)

CHANGE_RULES: tuple[tuple[RuleInfo, Callable[[StackChange], Iterator[Finding]]], ...] = (
    (cluster_stack.RULE, cluster_stack.check),
    (cluster_addon.RULE, cluster_addon.check),
    (node_image.RULE, node_image.check),
    (bump_without_change.RULE, bump_without_change.check),
    (collision.RULE, collision.check),
    (step.RULE, step.check),
    (new_stack.RULE, new_stack.check),
    (unreadable.RULE, unreadable.check),
    (stack_removed.RULE, stack_removed.check),
)

STATE_RULES: tuple[tuple[RuleInfo, Callable[[StackSource], Iterator[Finding]]], ...] = (
    (component_order.RULE, component_order.check),
    (class_name.RULE, class_name.check),
    (kubernetes_pin.RULE, kubernetes_pin.check),
    (image_name.RULE, image_name.check),
)

RULES: tuple[RuleInfo, ...] = tuple(info for info, _ in (*CHANGE_RULES, *STATE_RULES))


def judge_change(change: StackChange) -> list[Finding]:
    """What the rules of change say of one stack."""
    return [finding for _, check in CHANGE_RULES for finding in check(change)]


def judge_state(source: StackSource) -> list[Finding]:
    """What the rules of state say of one stack."""
    return [finding for _, check in STATE_RULES for finding in check(source)]
