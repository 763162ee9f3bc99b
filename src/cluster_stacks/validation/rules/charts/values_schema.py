"""Values fit the values.schema.json of the chart that gets them. Helm judges; this finds the place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.rendering.chart_tree import Node
from cluster_stacks.rendering.inflate import Refusal
from cluster_stacks.validation.rules.charts.value_problem import ValueProblem

RULE = RuleInfo(
    "CS441", "chart-values", "values that the chart's schema refuses",
    "The chart brings a values.schema.json, and Helm refuses to install it with values that do not fit. The schemas of "
    "the charts within it count too.",
    source="Helm: values.schema.json",
)
_ADDED = re.compile(r"additional propert(?:y|ies) (?P<names>'.*') not allowed")
_NAME = re.compile(r"'([^']*)'")


def check(root: Node, refusals: tuple[Refusal, ...]) -> Iterator[ValueProblem]:
    """The refusals of schemas as places in the values of the addon's chart."""
    places = dict(_places(root, ()))
    for refusal in refusals:
        chart, prefix = places.get(refusal.chart, (root, ()))
        pointer = (*prefix, *refusal.pointer)
        added = _ADDED.search(refusal.message)
        for name in _NAME.findall(added["names"]) if added else [None]:
            at = (*pointer, name) if name is not None else pointer
            said = "there is no such value" if name is not None else refusal.message
            message = f"{'.'.join(at) or 'the values'}: the schema of the chart {chart.label} refuses it: {said}"
            yield ValueProblem(RULE.id, at, message, on_key=name is not None)


def _places(node: Node, pointer: tuple[str, ...]) -> Iterator[tuple[str, tuple[Node, tuple[str, ...]]]]:
    for child in reversed(node.children):
        yield from _places(child, (*pointer, child.key))
    yield node.name, (node, pointer)  # what a chart with an alias is called where it is installed by itself
    yield node.key, (node, pointer)
