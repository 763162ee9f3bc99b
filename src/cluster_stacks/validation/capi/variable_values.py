"""The values and the CEL rules that stand in the schema of a variable: do they fit it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cluster_stacks.validation.capi.values import value_problems
from cluster_stacks.validation.capi.variable_places import RULES, Fault, Node, Place
from cluster_stacks.validation.problem import Pointer

REASONS = ("FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate")
LONGEST = 2048
_BREAK = re.compile(r"[\n\r]")
_SPACE = " \t\n\v\f\r\x85\xa0"


def default_faults(places: Sequence[Place]) -> Iterator[Fault]:
    """Defaults that do not fit the schema that they stand in; those below additionalProperties are never looked at."""
    for at, node, branch, kept in places:
        if kept and not branch and node.get("default") is not None:
            yield from _fitting("CS617", (*at, "default"), "the default does not fit", node, node["default"])


def value_faults(places: Sequence[Place]) -> Iterator[Fault]:
    """Values of enums, and examples, that do not fit the schema that they stand in."""
    for at, node, _, _ in places:
        if node.get("example") is not None:
            where = (*at, "example")
            yield from _fitting("CS614", where, "the example does not fit", node, node["example"], open_=True)
        enum = node.get("enum")
        for number, value in enumerate(enum if isinstance(enum, list) else ()):
            if value is not None:
                where = (*at, "enum", number)
                yield from _fitting("CS614", where, "a value of the enum does not fit", node, value, open_=True)


def _fitting(rule: str, at: Pointer, said: str, node: Node, value: object, *, open_: bool = False) -> Iterator[Fault]:
    for pointer, message, unevaluated in value_problems(node, value, closed=not open_, cel=not open_ or RULES in node):
        if not unevaluated:
            yield Fault(rule, (*at, *pointer), f"{said}: {message}")


def cel_faults(schema: Node, places: Sequence[Place], *, any_wrong: bool) -> Iterator[Fault]:
    """CEL rules that are not written as they must be, and, where nothing else is wrong, that do not compile."""
    found = [fault for place in places if RULES in place.node for fault in _written(place)]
    yield from found
    if not found and not any_wrong and schema.get("type") == "array" and schema.get(RULES):
        # The outermost schema is given apiVersion, kind and metadata, as a CRD's is, and loses its items on the way.
        message = "no rule is taken on a list that is the variable itself: put the list into a field of a mapping"
        yield Fault("CS619", (RULES,), message)
    elif not found and not any_wrong and any(RULES in place.node for place in places):
        from cluster_stacks.validation.cel import schema_problems

        for pointer, message in schema_problems(schema):
            yield Fault("CS619", pointer, message)


def _written(place: Place) -> Iterator[Fault]:
    rules = place.node.get(RULES)
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        for key, message in _texts(rule if isinstance(rule, Mapping) else {}, place.node, outermost=not place.pointer):
            yield Fault("CS618", (*place.pointer, RULES, number, key), message)


def _texts(rule: Node, schema: Node, *, outermost: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with the texts of a rule; of the outermost schema the CRD says some of it."""
    text, said, expression, reason, path = (
        str(rule.get(key) or "") for key in ("rule", "message", "messageExpression", "reason", "fieldPath")
    )
    message = said.strip(_SPACE)
    if outermost and (not text or len(said) > LONGEST or (reason and reason not in REASONS)):
        return
    if not text.strip(_SPACE):
        yield "rule", "the rule is empty: say what must hold, in CEL"
    elif said and not message:
        yield "message", "the message is blank: say what is wrong, or leave it out"
    elif len(said.encode("utf-8", "surrogatepass")) > LONGEST:
        yield "message", f"the message is longer than {LONGEST} bytes"
    elif _BREAK.search(message):
        yield "message", "the message has a line break: write it in one line"
    elif _BREAK.search(text.strip(_SPACE)) and not message:
        yield "message", "a rule of several lines needs a message: add one"
    if expression and not expression.strip(_SPACE):
        yield "messageExpression", "the messageExpression is blank: leave it out"
    if reason and reason not in REASONS:
        yield "reason", f"{reason[:40]!r} is no reason: use one of {', '.join(REASONS)}"
    if path:
        wrong = _field_path(path, schema)
        if wrong:
            yield "fieldPath", wrong


def _field_path(path: str, schema: Node) -> str:
    if not path.strip(_SPACE):
        return "the fieldPath is blank: leave it out"
    if _BREAK.search(path):
        return "the fieldPath has a line break"
    from cluster_stacks.validation.cel import bad_field_path

    return bad_field_path(path, schema)
