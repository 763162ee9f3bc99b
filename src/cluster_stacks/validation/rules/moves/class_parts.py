"""A release keeps the parts of its class that Clusters name."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves import class_breaks
from cluster_stacks.validation.rules.moves.found import problems

RULE = RuleInfo(
    "CS630", "class-parts", "a part of the class that Clusters may use is gone",
    "A Cluster names classes of workers, and may switch on a health check that the class defines. In a release that "
    "has them no longer its move is refused. Announce it in cluster-class/breaking.yaml, with what to do first.",
    source="Cluster API 1.14: webhook of Cluster",
)


def check(context: Context) -> Iterator[Problem]:
    """Holds the classes against those that Clusters come from."""
    yield from problems(context, RULE, class_breaks.found(context))
