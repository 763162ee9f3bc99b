"""Rule 19: CEL rules of variables compile."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.variable_schema import problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS619", "variable-cel", "a CEL rule of a variable that does not compile",
    "A rule is compiled against the schema: its fields exist, its types fit, its cost has a bound (so lists and texts "
    "need maxItems and maxLength), and oldSelf is not used on what has no old value, as a list's items.",
    source="Cluster API: ClusterClass webhook; Kubernetes: CEL",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds CEL rules that do not compile, or that may cost too much."""
    yield from problems(context, RULE.id)
