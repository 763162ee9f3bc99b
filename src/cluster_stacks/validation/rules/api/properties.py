"""What must have something in it still has, once nulls are dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.api.places import marked
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS426", "only-nulls", "a mapping in which nothing but nulls stands, where something must",
    "The API server drops a null that its schema does not allow before it judges the object. A mapping that must have "
    "at least one field then has none. Give the field a value, or take the mapping out.",
    source="apiextensions-apiserver: schema/defaulting (nulls), validation (minProperties)",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds mappings that have enough fields as written and too few without their nulls."""
    for item, pointer, value, mark in marked(context):
        if mark.least and isinstance(value, Mapping) and len(value) < mark.least:
            written = _written(item, pointer)
            if isinstance(written, Mapping) and len(written) > len(value):
                count = f"{mark.least} field" + ("s" if mark.least > 1 else "")
                message = f"nulls are dropped, then {pointer[-1]} has fewer than {count}: give a value, or remove it"
                yield Problem(item.document, RULE.id, message, pointer, item=item)


def _written(item: Item, pointer: Pointer) -> object:
    value: object = item.value
    for step in pointer[len(item.prefix):]:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
    return value
