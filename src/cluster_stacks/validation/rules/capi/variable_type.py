"""Rule 16: the keywords of a variable's schema."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS616", "variable-type", "a keyword in the schema of a variable that cannot be",
    "The types are object, array, string, number, integer and boolean; bounds are whole numbers; a mapping has "
    "properties or additionalProperties, not both. Only the outermost schema is judged by the CRD: what Cluster API "
    "cannot read further below it refuses, and a keyword that it does not have it does not see, which is a warning "
    "here.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds keywords with values of a wrong type, types that are none, and keywords that contradict each other."""
    yield from problems(context, RULE.id)
