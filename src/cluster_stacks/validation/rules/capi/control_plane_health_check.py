"""Rule 7: who checks control plane machines says what they are made of."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.parts import health_checks
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS607", "control-plane-health-check", "a health check of a control plane without machines",
    "A health check of the control plane watches its machines; a class that does not say of what template they are "
    "made (machineInfrastructure) has none that Cluster API knows of.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds health checks of control planes without machineInfrastructure."""
    for view in classes(context):
        machine = view.reference("control-plane-machine")
        if machine and (machine.api_version or machine.kind or machine.name):
            continue
        for (pointer, _), of_control_plane in health_checks(view):
            if of_control_plane:
                message = "the control plane has a health check and no machineInfrastructure: add it, or drop the check"
                yield view.problem(RULE, message, pointer)
