"""Patches read fields that variables have."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.reads import Text, fields, texts, variable_of
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.capi.view import JsonPatch
from cluster_stacks.validation.capi.wrongs import bad_path, bad_variable_path, unknown_variable
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS710", "unknown-field-of-variable", "a patch that reads a variable or a field that there cannot be",
    "Cluster API looks at no more than the first name in `valueFrom.variable`, and not at all at what templates read. "
    "A misspelt field stops every Cluster of the class when it is named by `variable`, prints `<no value>` in a "
    "template, and in `enabledIf` turns the patch on or off in silence. Fields are looked up in the variable's schema, "
    "those of `builtin` among what Cluster API gives.",
    source="Cluster API: the JSON patch generator and GetVariableValue of the topology controller",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds paths that leave the schema of their variable."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """The paths of one class."""
    for patch in study.view.patches:
        for text in texts(patch):
            yield from _in_template(study, text)
        for definition in patch.definitions:
            for operation in definition.patches:
                yield from _in_variable(study, operation)


def _in_variable(study: Study, operation: JsonPatch) -> Iterator[Issue]:
    name = variable_of(operation)
    if not name or name.startswith("builtin."):
        return
    pointer = (*operation.pointer, "valueFrom", "variable")
    message = bad_variable_path(name, study.variables)
    if message and not unknown_variable(name, study.variables):
        yield Issue(pointer, message)


def _in_template(study: Study, text: Text) -> Iterator[Issue]:
    seen: set[str] = set()
    for path, place in fields(text.text):
        message = bad_path(path, study.variables)
        if message and message not in seen:
            seen.add(message)
            effect = ", so that the patch is on or off whatever the Cluster says" if text.condition else ""
            yield Issue(text.pointer, f"{place.source} is never there{effect}: {message}", within=place.position)
