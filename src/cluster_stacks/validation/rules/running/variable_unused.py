"""Variables are there for something."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.reads import names_read
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS718", "variable-unused", "a variable that no patch reads",
    "A Cluster may set it, and nothing comes of it: the patch is missing, or reads another name. Not reported where a "
    "template takes all variables at once, or an external patch may read them.",
    severity=Severity.WARNING, source="Cluster API: variables have an effect through patches only",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds variables that are declared and not read."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """The unused variables of one class."""
    if any(patch.external is not None for patch in study.view.patches):
        return
    read = frozenset[str]().union(*(names_read(patch) for patch in study.view.patches))
    if "" in read:
        return
    for variable in study.view.variables:
        if variable.name and variable.name not in read:
            message = f"no patch reads the variable {variable.name!r}"
            yield Issue((*variable.pointer, "name"), message, Severity.WARNING)
