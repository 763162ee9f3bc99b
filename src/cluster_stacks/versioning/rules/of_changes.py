"""The rules of change, one file each. Not loaded where every version is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.versioning.change import StackChange
from cluster_stacks.versioning.merging import is_left_to_merge
from cluster_stacks.versioning.rules import (
    addon_identity,
    bump_without_change,
    cluster_addon,
    cluster_stack,
    collision,
    copy_origin,
    kubernetes_down,
    left_to_merge,
    new_stack,
    node_image,
    stack_removed,
    step,
    unreadable,
    versions_left,
)

Check = Callable[[StackChange], Iterator[Finding]]

_OF_AUTHOR: tuple[tuple[RuleInfo, Check], ...] = (
    (cluster_stack.RULE, cluster_stack.check),
    (cluster_addon.RULE, cluster_addon.check),
    (node_image.RULE, node_image.check),
    (bump_without_change.RULE, bump_without_change.check),
    (collision.RULE, collision.check),
    (step.RULE, step.check),
)
"""What the author of a change is asked for, unless the merge moves versions."""

_OF_ALL: tuple[tuple[RuleInfo, Check], ...] = (
    (new_stack.RULE, new_stack.check),
    (unreadable.RULE, unreadable.check),
    (stack_removed.RULE, stack_removed.check),
    (kubernetes_down.RULE, kubernetes_down.check),
    (addon_identity.RULE, addon_identity.check),
    (copy_origin.RULE, copy_origin.check),
    (versions_left.RULE, versions_left.check),
)

_OF_MERGE: tuple[tuple[RuleInfo, Check], ...] = (
    (left_to_merge.MOVED, left_to_merge.check_moved),
    (left_to_merge.TOLD, left_to_merge.check_told),
)
"""With `bump: merge`: instead of the rules that ask the author of a change for versions."""

CHANGE_RULES = (*_OF_AUTHOR, *_OF_ALL, *_OF_MERGE)


def judge(change: StackChange, *, merge: bool = False) -> list[Finding]:
    """What they say of one stack; with `merge`, where versions are moved after the merge."""
    rules = (*_OF_ALL, *_OF_MERGE) if merge and is_left_to_merge(change) else (*_OF_AUTHOR, *_OF_ALL)
    return [finding for _, check in rules for finding in check(change)]
