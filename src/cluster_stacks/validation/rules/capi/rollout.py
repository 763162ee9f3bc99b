"""Rule 5: how a worker class is rolled out."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.parts import rollout_problems, rollouts
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS605", "rollout-bounds", "a rollout of a worker class that cannot be",
    "maxUnavailable and maxSurge are a number, or a percentage in quotes. Both 0 would mean that no machine may go and "
    "none may be added.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds rollouts that the webhook refuses."""
    for view in classes(context):
        for part in rollouts(view):
            for pointer, message in rollout_problems(part):
                yield view.problem(RULE, message, pointer)
