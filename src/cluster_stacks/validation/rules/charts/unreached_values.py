"""Values are for charts that are installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.rendering.chart_tree import Node
from cluster_stacks.validation.rules.charts.value_problem import ValueProblem

RULE = RuleInfo(
    "CS443", "unreached-values", "values for a chart that is not installed",
    "The chart within is installed on a condition, which is false by its chart's own values, and the values that it is "
    "given do not say otherwise: they change nothing. Whoever sets the condition to false by hand is not told.",
    severity=Severity.WARNING, source="Helm: conditions of dependencies",
)


def check(root: Node, values: Mapping[str, Any]) -> Iterator[ValueProblem]:
    """Finds values for charts that a default leaves out."""
    yield from _check(root, values, values, ())


def _check(
    node: Node, given: Mapping[str, Any], merged: Mapping[str, Any], pointer: tuple[str, ...]
) -> Iterator[ValueProblem]:
    for child in node.children:
        mine = given.get(child.key)
        if not isinstance(mine, Mapping) or not mine:
            continue
        paths = [path.strip() for path in child.condition.split(",") if path.strip()]
        condition = next((path for path in paths if isinstance(_at(merged, path), bool)), "")
        below = _over(child.values or {}, merged.get(child.key))
        if not condition or _at(merged, condition):
            yield from _check(child, mine, below, (*pointer, child.key))
        elif not isinstance(_at(given, condition), bool):
            message = f"the chart {child.label} is not installed, so these values change nothing: set {condition}"
            yield ValueProblem(RULE.id, (*pointer, child.key), message, on_key=True, severity=RULE.severity)


def _at(values: Mapping[str, Any], path: str) -> object:
    found: object = values
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _over(defaults: Mapping[str, Any], given: object) -> Mapping[str, Any]:
    """`given` over the defaults of a chart, mapping by mapping."""
    if not isinstance(given, Mapping):
        return defaults
    merged = dict(defaults)
    for key, value in given.items():
        below = merged.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = _over(below, value) if both and isinstance(below, Mapping) else value
    return merged
