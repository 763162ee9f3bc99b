"""Templates print no `<no value>`."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.outcomes import empty_prints
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS715", "no-value", "a template that prints <no value>",
    "Go prints the words `<no value>` for what is not set, and Cluster API takes them as a value, in silence: an image "
    "is then called `<no value>/kube-apiserver`. Give the variable a default, or ask with `if` or `default`. An error "
    "where it is printed with defaults or whenever the patch is on, else a warning.",
    source="Go: text/template, the option missingkey; Cluster API sets none",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds templates that print it in some run."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """What one class prints."""
    yield from empty_prints(study)
