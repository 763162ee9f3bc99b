"""What the webhook lets pass in the schema of a variable, and what cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.capi.validator import INT_OR_STRING, LENGTHS, OPEN, TYPES, whole
from cluster_stacks.validation.capi.variable_places import Fault, Node, Place
from cluster_stacks.validation.schema_words import FORMATS

RULE = "CS709"
ALSO = frozenset({"password", "int32", "int64", "float", "double", "binary", "intorstring"})
"""Formats that say something of a number, or nothing on purpose."""
PAIRS = tuple(
    (low, "max" + low[3:]) for low in ("minimum", "minLength", "minItems", "minProperties")
)
OF_TYPE = {
    "minLength": "string", "maxLength": "string", "pattern": "string",
    "minItems": "array", "maxItems": "array", "uniqueItems": "array", "items": "array",
    "minProperties": "object", "maxProperties": "object", "properties": "object", "required": "object",
    "additionalProperties": "object", OPEN: "object",
}
Doubt = tuple[str, str]


def doubts(places: Sequence[Place]) -> Iterator[Fault]:
    """Bounds that do nothing, and bounds that nothing meets."""
    for at, node, branch, _ in places:
        for key, message in (*_idle(node), *_unmet(node), *(() if branch else _undeclared(node))):
            yield Fault(RULE, (*at, key), message, Severity.WARNING)


def _idle(node: Node) -> Iterator[Doubt]:
    for key in LENGTHS:
        if (whole(node.get(key)) or 0) < 0:
            yield key, f"{key} is negative and says nothing: remove it"
    form = node.get("format")
    if isinstance(form, str) and form and form.replace("-", "") not in FORMATS | ALSO:
        yield "format", f"nobody knows the format {form[:40]!r}: it says nothing, so use a pattern"
    kind = node.get("type")
    if kind in TYPES and node.get(INT_OR_STRING) is not True:
        for key, meant in OF_TYPE.items():
            if node.get(key) and kind != meant:
                yield key, f"{key} says nothing of type {kind}: it is for type {meant}"


def _unmet(node: Node) -> Iterator[Doubt]:
    for low, high in PAIRS:
        least, most = whole(node.get(low)), whole(node.get(high))
        if least is not None and most is not None and 0 <= most < least:
            yield low, f"{low} ({least}) is above {high} ({most}): no value meets both"


def _undeclared(node: Node) -> Iterator[Doubt]:
    properties, required = node.get("properties"), node.get("required")
    if node.get("type") != "object" or node.get(OPEN) is True or node.get("additionalProperties") is not None:
        return
    for name in required if isinstance(required, list) else ():
        if not isinstance(properties, dict) or name not in properties:
            yield "required", f"the field {str(name)[:40]!r} is required and not declared: no value can have it"
