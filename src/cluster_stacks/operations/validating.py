"""One judgement of many stacks: rendered and judged a stack at a time, in workers that can be killed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.operations.chart_states import ChartState
from cluster_stacks.operations.judging import Judgeable, ReleaseJudge, Staged, refused_by
from cluster_stacks.operations.rendered import map_rendered
from cluster_stacks.runtime.pool import default_jobs
from cluster_stacks.runtime.scratch import scratch
from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.engines import Engines
from cluster_stacks.validation.kubeconform import Batch, Judgement
from cluster_stacks.validation.problem import Problem

R = TypeVar("R")
Load = Callable[[Sequence[StackId]], Iterable[StackSource | Refused]]
"""Reads stacks from the snapshot, as often as it takes."""


@dataclass(frozen=True, slots=True)
class StackReport:
    """What a worker says of one stack."""

    stack: StackId
    findings: tuple[Finding, ...]
    documents: int
    judgeable: int
    charts: tuple[ChartState, ...]
    custom: int
    staged: Staged


@dataclass(slots=True)
class Total:
    """What came of all stacks so far."""

    findings: list[Finding] = field(default_factory=list)
    documents: int = 0
    judgeable: int = 0
    charts: list[ChartState] = field(default_factory=list)
    custom: int = 0
    staged: dict[StackId, Staged] = field(default_factory=dict)

    def add(self, report: StackReport) -> None:
        """Takes in what came of one stack."""
        self.findings += report.findings
        self.documents += report.documents
        self.judgeable += report.judgeable
        self.charts += report.charts
        self.custom += report.custom
        if report.staged.kinds:
            self.staged[report.stack] = report.staged


class Validation:
    """Judges stacks by the chosen engines."""

    def __init__(self, load: Load, settings: Settings, engines: Engines, judge: ReleaseJudge) -> None:
        self._load, self._settings, self._engines, self._judge = load, settings, engines, judge
        self._total = Total()

    def run(self, stacks: Sequence[StackId]) -> Total:
        """All that is found in these stacks. Raises CannotTell, and Refused for schemas that cannot be used."""
        for minor in sorted({stack.kubernetes_minor for stack in stacks}):
            self._judge.engine(minor)  # read before the workers fork, which then share it
        if self._engines.tool:
            self._by_kubeconform(stacks, self._engines.tool)
        else:
            self._judged(stacks, lambda held: (Staged(), self._judge.judge(held)))
        return self._total

    def _judged(
        self, stacks: Sequence[StackId], engine: Callable[[Judgeable], tuple[Staged, list[Problem]]]
    ) -> None:
        """Takes in every stack, as `engine` judges it in the worker that rendered it."""

        def work(source: StackSource, release: Release) -> StackReport:
            held = self._judge.read(release)
            staged, problems = engine(held)
            prepared = held.prepared
            findings = self._judge.placed(source, held, [*prepared.problems, *problems])
            charts = self._judge.in_charts(source, held)
            findings += [*charts.findings, *self._judge.in_files(source, release)]
            counts = prepared.documents + charts.custom, len(prepared.judgeable) + charts.custom
            return StackReport(release.stack, tuple(findings), *counts, tuple(charts.states), charts.custom, staged)

        for report in self._map(stacks, work):
            self._total.add(report)

    def _by_kubeconform(self, stacks: Sequence[StackId], tool: Tool) -> None:
        both = self._engines.both
        with scratch() as folder:
            batch = Batch(folder)
            self._judged(stacks, partial(self._judge.stage, batch=batch, both=both))
            self._put_schemas(batch)
            keys = {key for staged in self._total.staged.values() for key in staged.kinds}
            judgements = batch.run(tool, keys, default_jobs()) if keys else {}
        self._explain(refused_by(judgements, self._total.staged))

    def _put_schemas(self, batch: Batch) -> None:
        staged = self._total.staged.items()
        kinds = {(stack.kubernetes_minor, *kind) for stack, written in staged for kind in written.kinds.values()}
        for minor, api_version, kind in sorted(kinds):
            store = self._judge.engine(minor).store
            info = store.find(api_version, kind)
            assert info is not None, "only objects of known kinds are staged"
            batch.put_schema(info, store.schema(info))

    def _explain(self, wrong: Mapping[StackId, Mapping[str, Judgement]]) -> None:
        """Renders again what was refused, and nothing else: to say why, and in which line."""

        def work(source: StackSource, release: Release) -> list[Finding]:
            held = self._judge.read(release)
            problems = self._judge.explain(held, wrong[release.stack], both=self._engines.both)
            return self._judge.placed(source, held, problems)

        for findings in self._map(list(wrong), work):
            self._total.findings += findings

    def _map(self, stacks: Sequence[StackId], work: Callable[[StackSource, Release], R]) -> Iterable[R]:
        for outcome in map_rendered(self._load(stacks), self._settings, work, total=len(stacks)):
            self._total.findings += outcome.findings
            if outcome.result is not None:
                yield outcome.result
