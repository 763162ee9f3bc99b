"""Patches write fields that the kind has."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.capi.wrongs import bad_index, unknown_field
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS712", "patch-unknown-field", "a patch of a field that the kind does not have",
    "The path of an operation is followed through the schema of what the template becomes (of a "
    "KubeadmControlPlaneTemplate, a KubeadmControlPlane). Cluster API takes the class, and then no Cluster can be "
    "reconciled while the patch is on: the API server refuses the object for its unknown field, or the operation finds "
    "nothing to change.",
    source="Cluster API: the topology controller; the schema of the kind",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds paths that leave the schema of the kind."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """The paths of one class."""
    for number in range(len(study.view.patches)):
        for target in study.targets:
            kind = study.kinds.get(target)
            for definition in study.explorer.selected(number, target) if kind else ():
                for operation in definition.patches:
                    message = unknown_field(operation.path, kind) if kind and not bad_index(operation) else ""
                    if message:
                        yield Issue((*operation.pointer, "path"), message)
