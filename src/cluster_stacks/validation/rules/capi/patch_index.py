"""Patches name no elements of lists."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import operations
from cluster_stacks.validation.capi.wrongs import bad_index
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS626", "patch-index", "a patch of one element of a list",
    "A patch may add to a list at its end (`-`) or its beginning (`0`), and to no other place; it cannot replace or "
    "remove an element. Cluster API refuses any other number in a path, even where it is the key of a mapping.",
    source="Cluster API: the webhook of ClusterClass, validateIndexAccess",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds numbers in the paths of operations."""
    for view, operation in operations(context):
        message = bad_index(operation)
        if message:
            yield view.problem(RULE, message, (*operation.pointer, "path"))
