"""Rule 15: the schema of a variable is structural."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS615", "variable-structure", "a variable whose schema is not structural",
    "Every property and every item says its type, an array says what its items are, and below allOf, anyOf, oneOf and "
    "not stand bounds alone: no types, no defaults. Patterns are of RE2, as Go reads them: they cannot look ahead or "
    "back, nor refer to a group.",
    source="Cluster API: ClusterClass webhook; Kubernetes: structural schemas",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds schemas of variables that are not structural, and patterns that are none."""
    yield from problems(context, RULE.id)
