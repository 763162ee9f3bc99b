"""Patches write what Cluster API takes over."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.desired import without_effect
from cluster_stacks.validation.capi.paths import segments
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS720", "patch-no-effect", "a patch of something that Cluster API does not take over",
    "Of a patched template Cluster API takes `spec.template.spec` and the labels and annotations of "
    "`spec.template.metadata`; of the control plane it sets the version and the machines' template itself. What a "
    "patch writes elsewhere is dropped in silence.",
    severity=Severity.WARNING, source="Cluster API: patchObject and patchTemplate of the topology controller",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds paths that lead nowhere."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """The paths of one class."""
    seen = set()
    for number in range(len(study.view.patches)):
        for target in study.targets:
            for definition in study.explorer.selected(number, target):
                for operation in definition.patches:
                    path = segments(operation.path)
                    why = without_effect(path, target) if operation.path.startswith("/spec") else ""
                    if why and operation.pointer not in seen:
                        seen.add(operation.pointer)
                        yield Issue((*operation.pointer, "path"), f"the patch changes nothing: {why}", Severity.WARNING)
