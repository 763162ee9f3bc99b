"""What patches make of templates is what the API server takes."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.objects import misfits
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS714", "patched-object", "a patch that makes an object that the API server refuses",
    "The patches of the class are applied to its templates with the values that variables may have, and each object "
    "that comes out is judged by the schema of its kind. Cluster API takes the class; a Cluster with such values is "
    "never reconciled, and says only `failed to create`. An error where it is refused with defaults or whenever the "
    "patch is on, else a warning.",
    source="Cluster API: the topology controller; the schema of the kind",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds values that do not fit where a patch puts them."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """What is refused of one class."""
    yield from (misfit.issue for misfit in misfits(study) if not misfit.coerced)
