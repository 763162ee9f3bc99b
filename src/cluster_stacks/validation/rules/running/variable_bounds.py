"""Keywords of variables that are accepted and do nothing, or let no value through."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS709", "variable-bounds", "bounds of a variable that do nothing, or that no value meets",
    "The webhook takes a negative length, a format that nobody knows, a bound of another type, a minimum above the "
    "maximum and a required field that is not declared. The first three say nothing; no value meets the others.",
    severity=Severity.WARNING, source="Cluster API: what the ClusterClass webhook lets pass",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds bounds in the schemas of variables that cannot be meant as they stand."""
    yield from problems(context, RULE.id)
