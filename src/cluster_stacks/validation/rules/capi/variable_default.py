"""Rule 17: the defaults of variables fit."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS617", "variable-default", "a default that its schema refuses",
    "A default is filled in where a Cluster says nothing, so it must fit the schema and its CEL rules, and has no "
    "field that the schema does not know. Defaults further below are not filled into it first: a required field must "
    "be in it.",
    source="Cluster API: ClusterClass webhook; Kubernetes: defaulting",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds defaults that do not fit the schema that they stand in."""
    yield from problems(context, RULE.id)
