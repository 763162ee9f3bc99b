"""A release against those that Clusters move to it from: one file a rule, one table.

Names of classes carry versions, so that nothing published is ever changed: what happens in the field is the *move* of a
Cluster to another class, and the upgrade of its addons in place. Without earlier releases nothing is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves import (
    addon_in_place,
    class_kinds,
    class_parts,
    class_variables,
    in_place,
    kubernetes_move,
    unused_announcement,
)

_ALL: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    class_kinds.check,
    class_parts.check,
    class_variables.check,
    in_place.check,
    addon_in_place.check,
    kubernetes_move.check,
    unused_announcement.check,
)


def _check(context: Context) -> Iterator[Problem]:
    if context.published:
        for check in _ALL:
            yield from check(context)


CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (_check,)

RULES: tuple[RuleInfo, ...] = (
    class_kinds.RULE,
    class_parts.RULE,
    class_variables.RULE,
    in_place.RULE,
    addon_in_place.RULE,
    kubernetes_move.RULE,
    unused_announcement.RULE,
)
