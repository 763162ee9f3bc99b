"""Rule 18: how CEL rules of variables are written."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS618", "variable-rule", "a CEL rule of a variable that is not written well",
    "A rule is not empty; a message has one line and at most 2048 bytes, and a rule of several lines has one; the "
    "reason is one that Kubernetes knows; the fieldPath leads to a field of the schema.",
    source="Cluster API: ClusterClass webhook; Kubernetes: x-kubernetes-validations",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds rules under x-kubernetes-validations whose texts are refused."""
    yield from problems(context, RULE.id)
