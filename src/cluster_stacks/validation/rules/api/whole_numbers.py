"""Integers fit into 64 bits."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.api.places import too_large
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.schema_words import INT64

RULE = RuleInfo(
    "CS434", "integer-too-large", "an integer that does not fit into 64 bits",
    "The API server reads integers into 64 bits with a sign: from -9223372036854775808 to 9223372036854775807. What is "
    "larger becomes a fraction, which no field of integers takes.",
    source="apimachinery: JSON numbers are int64 or float64",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds integers just beyond the limit; schemas find those that are far beyond."""
    for item, pointer, value in too_large(context):
        if INT64[0] <= value <= INT64[1]:
            yield Problem(item.document, RULE.id, f"{value} does not fit into 64 bits", pointer, item=item)
