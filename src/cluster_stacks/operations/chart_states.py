"""What became of the charts of a run: inflated and judged, or not, and why. Nothing passes unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cluster_stacks.model.finding import Finding
from cluster_stacks.operations.inflating import MISSING, AddonChart
from cluster_stacks.validation.rules.charts import archive, rendering, values_schema

_REFUSED = frozenset({rendering.RULE.id, values_schema.RULE.id, archive.RULE.id})


class ChartState(NamedTuple):
    """An addon that is a chart, in one stack. `inflated` means that its objects were made and judged."""

    stack: str
    addon: str
    charts: tuple[str, ...]
    inflated: bool
    why: str
    objects: int
    kubernetes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InCharts:
    """What was found in the charts of a release. `custom` counts objects of kinds that only the release defines."""

    findings: list[Finding] = field(default_factory=list)
    states: list[ChartState] = field(default_factory=list)
    custom: int = 0


def state_of(stack: str, chart: AddonChart, objects: int) -> ChartState:
    """What became of one chart, of which `objects` were judged."""
    own = chart.own
    if own is None:
        return ChartState(stack, chart.addon, chart.charts, False, chart.why, 0, ())
    if any(problem.rule in _REFUSED for problem in own.problems):
        return ChartState(stack, chart.addon, chart.charts, False, "it does not render", 0, ())
    return ChartState(stack, chart.addon, chart.charts, True, own.note, objects, tuple(chart.results))


def notes(states: Sequence[ChartState]) -> list[str]:
    """What people are told: what was inflated, and what was not."""
    done = {(state.addon, state.stack) for state in states if state.inflated}
    found = []
    if done:
        count = sum(state.objects for state in states if state.inflated)
        names = ", ".join(sorted({addon for addon, _ in done}))
        found.append(f"charts are inflated, {count} objects of them judged by the embedded engine: {names}")
    found += sorted({f"{state.addon}: {state.why}" for state in states if state.inflated and state.why})
    left = sorted({f"{state.addon} ({state.why})" for state in states if not state.inflated})
    if left:
        found.append(f"charts are not inflated, their objects not judged: {', '.join(left)}")
    if any(state.why.endswith(MISSING) for state in states):
        found.append("`cluster-stacks charts fetch` downloads charts, so that they can be judged")
    return found


def facts(states: Sequence[ChartState]) -> list[dict[str, object]]:
    """The same for machines: one entry an addon and outcome, with the stacks that it is of."""
    grouped: dict[ChartState, list[str]] = {}
    for state in states:
        grouped.setdefault(state._replace(stack=""), []).append(state.stack)
    return [
        {
            "addon": state.addon, "charts": list(state.charts),
            "state": "inflated" if state.inflated else "not inflated", "why": state.why or None,
            "objects": state.objects, "kubernetes": list(state.kubernetes), "stacks": sorted(stacks),
        }
        for state, stacks in sorted(grouped.items())
    ]
