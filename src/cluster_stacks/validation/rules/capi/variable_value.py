"""Rule 14: enums and examples of variables fit."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS614", "variable-value", "an example or a value of an enum that its schema refuses",
    "What a schema lists as allowed, or shows as an example, must itself be allowed by it: of the right type, within "
    "the bounds, of the pattern, and by its CEL rules. Fields that the schema does not know are let pass here.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds values of enums, and examples, that do not fit the schema that they stand in."""
    yield from problems(context, RULE.id)
