"""enabledIf decides something."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.reads import fields
from cluster_stacks.validation.capi.selecting import Target
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.capi.templates import Unreadable, parsed, read
from cluster_stacks.validation.capi.unknowns import data_of
from cluster_stacks.validation.capi.view import Patch
from cluster_stacks.validation.capi.wrongs import bad_path
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS717", "enabled-never-or-always", "an enabledIf that no value makes true, or none makes false",
    "A patch is on where its enabledIf prints what YAML reads as `true`, and off for anything else. The template is "
    "run with all that variables may be: one that is never true, a comparison with a value that an enum does not have "
    "for example, is a patch that nobody gets; one that reads a variable and is always true does not ask what it was "
    "meant to ask (a warning).",
    source="Cluster API: patchIsEnabled of the JSON patch generator",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds conditions that do not depend on any variable."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """The conditions of one class."""
    for patch in study.view.patches:
        if patch.enabled_if and not any(bad_path(path, study.variables) for path, _ in fields(patch.enabled_if)):
            yield from _condition(study, patch)


def _condition(study: Study, patch: Patch) -> Iterator[Issue]:
    holders = {target.holder: target for target in study.targets if study.selects(patch, target)}
    answers = [_answers(study, patch, target) for target in holders.values()]
    pointer = (*patch.pointer, "enabledIf")
    if not answers or None in answers:
        return
    can, always = zip(*(answer for answer in answers if answer), strict=True)
    reads = bool(fields(patch.enabled_if))
    if all(found is False for found in can):
        if reads:
            yield Issue(pointer, "no value of any variable makes this true, so that the patch is never applied")
        else:
            yield from _constant(pointer, patch.enabled_if)
    elif reads and all(found is True for found in always):
        message = "every value of its variables makes this true, so that the patch is always applied"
        yield Issue(pointer, message, Severity.WARNING)


def _constant(pointer: tuple[str | int, ...], text: str) -> Iterator[Issue]:
    if _is(text, False):
        yield Issue(pointer, "the patch is switched off for every Cluster: remove it", Severity.WARNING)
    elif "{{" in text:
        yield Issue(pointer, "this is never true, so that the patch is never applied")
    else:
        yield Issue(pointer, "this is a text, not a condition: write {{ … }} around it; only `true` turns the patch on")


def _answers(study: Study, patch: Patch, target: Target) -> tuple[bool | None, bool | None] | None:
    template = parsed(patch.enabled_if)
    if isinstance(template, Unreadable):
        return None
    outcomes = template.explore(data_of(study.view.variables, target.holder))
    if any(True for _ in outcomes.errors()):
        return None
    return outcomes.can(_is_true), outcomes.always(_is_true)


def _is_true(text: str) -> bool:
    return _is(text, True)


def _is(text: str, value: bool) -> bool:
    try:
        return read(text) is value
    except Unreadable:
        return False
