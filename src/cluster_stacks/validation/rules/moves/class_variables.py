"""A release takes the variables and values that Clusters have."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves import class_breaks
from cluster_stacks.validation.rules.moves.found import problems

RULE = RuleInfo(
    "CS631", "class-variables", "a variable no longer takes what Clusters gave it",
    "A Cluster carries its variables to the new class: one that is gone, one that is required now without a "
    "default, and a value that the schema no longer takes are refused. A default counts too, because Cluster API "
    "wrote it into every Cluster. Where two schemas cannot be told apart without a value (another pattern, another "
    "rule), it is a warning.",
    source="Cluster API 1.14: internal/topology/variables",
)


def check(context: Context) -> Iterator[Problem]:
    """Holds the classes against those that Clusters come from."""
    yield from problems(context, RULE, class_breaks.found(context))
