"""Values are for keys that the chart knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.rendering.chart_tree import Node
from cluster_stacks.validation.rules.charts.value_problem import ValueProblem

RULE = RuleInfo(
    "CS442", "unknown-value", "a value that the chart does not know",
    "The key is not in the chart's values.yaml nor its schema, no template reads it, and it is neither `global` nor "
    "the name or alias of a chart within it. Helm takes it in silence, and nothing changes: most often it is misspelt, "
    "or stands at the wrong depth.",
    severity=Severity.WARNING, source="Helm: values files",
)

_MOST, _SUGGESTED = 100, 10
"""Keys of one chart that are told of, and those with a suggestion, which takes a look at all that it knows."""


def check(root: Node, values: Mapping[str, Any]) -> Iterator[ValueProblem]:
    """Finds keys at the top of what each chart is given, by the values of the addon's own chart."""
    if not any(path.startswith("templates/") for path in root.files):
        # What an umbrella without templates is given must be for one of its charts; its own values.yaml says nothing.
        yield from _unknown(root, values, (), frozenset({"global", "tags"}) | _meant(root))
    yield from _below(root, values, ())


def _below(node: Node, given: Mapping[str, Any], pointer: tuple[str, ...]) -> Iterator[ValueProblem]:
    for key in dict.fromkeys(child.key for child in node.children):
        inner = given.get(key)
        child = next(child for child in node.children if child.key == key)
        if isinstance(inner, Mapping):
            known = child.known_values()
            if known is not None:
                yield from _unknown(child, inner, (*pointer, key), known | _asked(node, key))
            yield from _below(child, inner, (*pointer, key))


def _unknown(
    node: Node, given: Mapping[str, Any], pointer: tuple[str, ...], known: frozenset[str]
) -> Iterator[ValueProblem]:
    for count, key in enumerate(islice((key for key in given if str(key) not in known), _MOST)):
        near = near_names(str(key), sorted(known)) if count < _SUGGESTED else []
        hint = f": did you mean {near[0]!r}?" if near else ""
        message = f"the chart {node.label} knows no value {str(key)!r}{hint}"
        yield ValueProblem(RULE.id, (*pointer, str(key)), message, on_key=True, severity=RULE.severity)


def _asked(node: Node, key: str) -> set[str]:
    """The values of the chart `key` that conditions of the chart above it ask for: `up.enabled`."""
    paths = (path.strip().split(".") for child in node.children for path in child.condition.split(","))
    return {path[1] for path in paths if path[0] == key and len(path) > 1}


def _meant(root: Node) -> frozenset[str]:
    """The keys that an umbrella's charts and their conditions are asked by."""
    conditions = (part for child in root.children for part in child.condition.split(","))
    return frozenset({child.key for child in root.children} | {part.strip().partition(".")[0] for part in conditions})
