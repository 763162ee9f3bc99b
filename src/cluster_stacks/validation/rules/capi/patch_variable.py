"""A patch reads variables that there are."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import ClassView, JsonPatch, classes, mapping, text
from cluster_stacks.validation.capi.wrongs import unknown_variable
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS628", "patch-variable", "a patch that reads a variable that is not there",
    "`valueFrom.variable` begins with the name of a variable that the class declares, or it is one of the names below "
    "`builtin.` that Cluster API lists. The webhook refuses others. What follows the name it does not look at: see "
    "unknown-field-of-variable.",
    source="Cluster API: the webhook of ClusterClass, validateJSONPatchValues and its list of builtin variables",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds valueFrom.variable of undeclared variables and unknown builtins."""
    for view in classes(context):
        declared = [variable.name for variable in view.variables]
        for patch in view.patches:
            for definition in patch.definitions:
                for operation in definition.patches:
                    yield from _problems(view, operation, declared)


def _problems(view: ClassView, operation: JsonPatch, declared: list[str]) -> Iterator[Problem]:
    variable = text(mapping(operation.value, "valueFrom"), "variable")
    if not variable or operation.op not in ("add", "replace"):
        return
    message = unknown_variable(variable, declared)
    if message:
        pointer = (*operation.pointer, "valueFrom", "variable")
        yield Problem(view.item.document, RULE.id, message, pointer, item=view.item)
