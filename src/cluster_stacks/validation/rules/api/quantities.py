"""Quantities of Kubernetes' own kinds are quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.quantity import wrong
from cluster_stacks.validation.rules.api.places import marked
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.schema_words import QUANTITY_PATTERN

RULE = RuleInfo(
    "CS422", "bad-quantity", "an amount that Kubernetes cannot read",
    "An amount of CPU, memory or storage is a number with a suffix out of a table: 500m, 1.5Gi, 2e3. `1GB`, `1gi` and "
    "`1 Gi` are none: the object is refused before anything else is looked at.",
    source="apimachinery: api/resource (ParseQuantity)",
)
_LOOSE = re.compile(QUANTITY_PATTERN)


def check(context: Context) -> Iterator[Problem]:
    """Finds amounts that the schema's pattern lets pass and the parser does not."""
    for item, pointer, value, mark in marked(context):
        if mark.quantity and (message := wrong(value)) and isinstance(value, str) and _LOOSE.search(value):
            yield Problem(item.document, RULE.id, f"{value[:80]!r} {message}", pointer, item=item)
