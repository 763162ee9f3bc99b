"""The CEL rules of an object's schema (`x-kubernetes-validations`), asked after defaults are filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.defaults import defaulted
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.context import Context

if TYPE_CHECKING:
    from cluster_stacks.validation.cel.violations import Violation
    from cluster_stacks.validation.store import Store

BROKEN = RuleInfo(
    "CS435", "cel-rule", "an object breaks a rule of its CRD",
    "A CRD may carry rules in the Common Expression Language, for what a schema cannot say: that two fields exclude "
    "one another, that names in a list are told apart. The API server evaluates them after it has filled in defaults, "
    "and refuses an object that breaks one. Rules about a change (`oldSelf`) are asked where the published object is "
    "known.",
    source="Kubernetes: x-kubernetes-validations",
)
UNEVALUATED = RuleInfo(
    "CS436", "cel-unevaluated", "a rule of a CRD could not be evaluated here",
    "The API server evaluates the rule, and may refuse the object: this tool could not, because the rule uses what it "
    "does not know, or takes too many steps. A rule that was not evaluated never counts as passed.",
    severity=Severity.WARNING, source="this project: fail closed",
)
RULES = (BROKEN, UNEVALUATED)


def check(context: Context) -> Iterator[Problem]:
    """Finds what new objects break."""
    if context.store is not None:
        for item, info in context.known():
            yield from problems(item, info, context.store)


def problems(item: Item, info: KindInfo, store: Store, old: Mapping[str, object] | None = None) -> Iterator[Problem]:
    """What an object breaks of its kind's rules; with `old`, the object that it replaces, also of those about a change.

    Kubernetes' own kinds have no such rules: their schemas are not CRDs.
    """
    if info.minor:
        return
    from cluster_stacks.validation.cel.places import places_of  # most stacks have kinds with rules, some runs none
    from cluster_stacks.validation.cel.violations import violations

    schema = store.schema(info)
    if places_of(schema, root=True) is None:
        return
    before = defaulted(old, schema) if old is not None else None
    for violation in violations(schema, defaulted(item.value, schema), before, root=True):
        yield _problem(item, violation)


def _problem(item: Item, violation: Violation) -> Problem:
    pointer = (*item.prefix, *violation.pointer)
    if violation.unevaluated:
        message = f"the rule `{_short(violation.rule)}` could not be evaluated: {violation.message}"
        return Problem(item.document, UNEVALUATED.id, message, pointer, severity=UNEVALUATED.severity, item=item)
    known = violation.rule in violation.message
    message = violation.message if known else f"{violation.message} (rule: {_short(violation.rule)})"
    return Problem(item.document, BROKEN.id, message, pointer, item=item)


def _short(rule: str) -> str:
    text = " ".join(rule.split())
    return text if len(text) <= 120 else f"{text[:119]}…"
