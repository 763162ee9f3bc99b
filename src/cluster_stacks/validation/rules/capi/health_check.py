"""Rule 6: the bounds of health checks."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.parts import health_check_problems, health_checks, int_or_percent
from cluster_stacks.validation.capi.view import ClassView, classes, mapping
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS606", "health-check-bounds", "a health check with a bound that is refused",
    "A node has at least 30 seconds to start (0: for ever). How many machines may be unhealthy, or mended at the same "
    "time, is a number, or a percentage in quotes.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds health checks of a class that the webhook refuses."""
    for view in classes(context):
        for part, _ in health_checks(view):
            for pointer, message in health_check_problems(part):
                yield view.problem(RULE, message, pointer)
        for pointer, message in _in_flight(view):
            yield view.problem(RULE, message, pointer)


def _in_flight(view: ClassView) -> Iterator[tuple[Pointer, str]]:
    """In v1beta1, `maxInFlight` stands beside the rollout."""
    path = ("strategy", "remediation", "maxInFlight")
    for worker in view.workers if view.version == "v1beta1" else ():
        wrong = int_or_percent(mapping(worker.value, *path[:-1]).get(path[-1]))
        if wrong and not worker.pool:
            yield (*worker.pointer, *path), f"maxInFlight {wrong}"
