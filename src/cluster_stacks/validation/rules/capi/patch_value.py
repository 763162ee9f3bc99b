"""What an operation puts in is said in exactly one way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.model.source import Position
from cluster_stacks.validation.capi.templates import parse_problem
from cluster_stacks.validation.capi.view import ClassView, JsonPatch, operations, text
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS627", "patch-value", "an operation that does not say in exactly one way what it puts in",
    "`add` and `replace` have either `value` or `valueFrom`, and valueFrom has either `template` or `variable`. A null "
    "counts as nothing. A template is Go's text/template with sprig's functions, without those that look at the "
    "machine or the clock. The webhook refuses all else; it does not look at these fields of `remove`.",
    source="Cluster API: the webhook of ClusterClass, validateJSONPatchValues",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds operations with no value, with two, and templates that do not parse."""
    for view, operation in operations(context):
        if operation.op in ("add", "replace"):
            yield from _problems(view, operation)


def _problems(view: ClassView, operation: JsonPatch) -> Iterator[Problem]:
    value, source = operation.value.get("value"), operation.value.get("valueFrom")
    if value is None and source is None:
        wrote = "value: null counts as no value" if "value" in operation.value else "there is nothing to put in"
        hint = f"{wrote}: give value or valueFrom"
        yield _problem(view, operation, hint + (", or remove" if operation.op == "replace" else ""), ())
    elif value is not None and source is not None:
        yield _problem(view, operation, "there are both value and valueFrom: keep one", ("valueFrom",))
    if not isinstance(source, Mapping):
        return
    template, variable = text(source, "template"), text(source, "variable")
    if not template and not variable:
        yield _problem(view, operation, "valueFrom says nothing: give template or variable", ("valueFrom",))
    elif template and variable:
        yield _problem(view, operation, "valueFrom has both template and variable: keep one", ("valueFrom",))
    wrong = parse_problem(template) if template else None
    if wrong:
        yield _problem(view, operation, str(wrong), ("valueFrom", "template"), wrong.at)


def _problem(
    view: ClassView, operation: JsonPatch, message: str, place: tuple[str, ...], within: Position | None = None
) -> Problem:
    return Problem(
        view.item.document, RULE.id, message, (*operation.pointer, *place), item=view.item, within=within
    )
