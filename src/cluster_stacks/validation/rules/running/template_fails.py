"""Templates run, and print YAML."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.outcomes import cases
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS719", "template-fails", "a template that fails when it is run, or prints what is no YAML",
    "The webhook only parses templates. One that ends in an error (a function that is given what it cannot take, an "
    "index beyond the end) or whose output cannot be read as YAML stops the reconciliation of the Cluster. An error "
    "where it fails with defaults or whenever the patch is on, else a warning.",
    source="Cluster API: the JSON patch generator; Go: text/template",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds templates that fail in some run."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """What fails in one class."""
    for case in cases(study):
        if case.failure.cause in ("template", "yaml"):
            yield Issue(case.failure.pointer, case.said(), case.severity, case.failure.within)
