"""What valueFrom.variable names is there when the patch is applied."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.outcomes import cases
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS711", "variable-not-set", "a patch that puts in a variable that may not be set",
    "`valueFrom.variable` stops the reconciliation of a Cluster where the variable, or the field of it, has no value: "
    "a variable without a default that the Cluster leaves out, an optional field, or a part of `builtin` that objects "
    "of that place do not have (builtin.machineDeployment on the control plane). A default, `required: true` or an "
    "`enabledIf` that asks for the value prevents it. An error where it fails with defaults or whenever the patch is "
    "on, else a warning.",
    source="Cluster API: GetVariableValue of the topology controller",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds variables that are not there in some run."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """What fails in one class."""
    for case in cases(study):
        if case.failure.cause == "variable":
            advice = "declare a default, or ask for it in enabledIf"
            if "builtin" in case.failure.message:
                advice = f"{case.target.place} does not have it"
            yield Issue(case.failure.pointer, f"{case.said()}: {advice}", case.severity)
