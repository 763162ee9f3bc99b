"""Patches find what they change."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.outcomes import cases
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS713", "patch-no-place", "a patch whose place is not there",
    "JSON Patch makes no parents: `add` needs the mapping or list that it adds to, `replace` and `remove` the place "
    "itself, in the template as it stands after the defaults of its schema and the patches before. Otherwise Cluster "
    "API stops reconciling the Cluster (`doc is missing path`). Patches are applied with the values that variables "
    "may have: an error where it fails with defaults or whenever the patch is on, else a warning. Webhooks of "
    "providers that are not known may put in more than the schema says: a warning there.",
    source="Cluster API: the topology controller; RFC 6902",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds operations that cannot be applied in some run."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """What fails in one class."""
    for case in cases(study):
        if case.failure.cause == "place":
            yield Issue(case.failure.pointer, case.said(), case.severity)
