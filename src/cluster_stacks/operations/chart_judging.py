"""The judgement of what charts make: their objects by all rules, their values by rules of their own."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cluster_stacks.model.finding import Finding, Related, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.operations.chart_places import ChartPlaces, chart_places, value_at
from cluster_stacks.operations.chart_secrets import milder, of_secret
from cluster_stacks.operations.inflated import Crds, Result, minor_of
from cluster_stacks.operations.inflating import AddonChart
from cluster_stacks.rendering.inflate import Made
from cluster_stacks.validation.converter import convert_crd
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.folders import Folder, MappingFolder
from cluster_stacks.validation.index import INDEX, dump_index
from cluster_stacks.validation.judge import judge_embedded, prepare
from cluster_stacks.validation.policies.judge import problems as policy_problems
from cluster_stacks.validation.policies.policy import Policy
from cluster_stacks.validation.problem import Item, Judged, Problem, finding_of, text_of
from cluster_stacks.validation.rules import secret
from cluster_stacks.validation.rules.charts import archive, rendering
from cluster_stacks.validation.rules.schema import NO_SCHEMA
from cluster_stacks.validation.schema_words import ConversionError
from cluster_stacks.validation.store import Store

Places = Callable[[], ChartPlaces]
MOST = 100
"""Findings of one chart: a chart of garbage makes any number of them."""
_REMEMBERED = 64
_RELEASE = re.compile(r"\b(stack|release)\b")
_SCOPE = "cluster-addon/chart"
"""Objects of one chart are applied together, and are of an addon."""
_GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class ChartProblems:
    """What is wrong with the objects of one chart; `judged` counts those that have a schema."""

    problems: tuple[Problem, ...]
    items: tuple[Item, ...]
    judged: int


class ChartJudge:
    """Judges objects of charts by the schemas of a minor, the folders of the repository, and CRDs of the release."""

    def __init__(
        self, folders: Sequence[Folder], capi: str | None, allowed: Sequence[str], policies: Sequence[Policy] = ()
    ) -> None:
        self._folders, self._capi, self._allowed = folders, capi, allowed
        self._policies = [each for each in policies if not _reads_release(each)]
        self._of_release = [each for each in policies if _reads_release(each)]
        self._engines: dict[tuple[str, str], Embedded] = {}
        self._judged: dict[tuple[str, str, str], ChartProblems] = {}

    def engine(self, minor: str, crds: Crds) -> Embedded:
        """The engine for objects of a minor where these CRDs are applied too."""
        key = minor, crds.digest
        if key not in self._engines:
            if len(self._engines) >= _REMEMBERED:
                self._engines.clear()
            self._engines[key] = Embedded(Store(minor, [*self._folders, _folder(crds.values)]))
        return self._engines[key]

    def findings(
        self, source: StackSource, release: Release, chart: AddonChart, crds: Crds
    ) -> tuple[list[Finding], int]:
        """What is found in a chart for all versions of Kubernetes, and how many objects were judged."""
        own = chart.own
        if own is None:
            return [], 0
        places = cache(lambda: chart_places(source, chart.addon))  # read only where something is found
        found = list(_of_values(own, places, source, chart))
        known: set[tuple[object, ...]] = set()
        counts = []
        for version, result in chart.results.items():
            judged = self._of_objects(result, minor_of(version), crds)
            counts.append(judged.judged)
            problems = judged.problems
            if result is own:
                problems = (*problems, *policy_problems(judged.items, self._of_release, release))
            documents = [Judged(made.value, made.template, stack=str(source.stack)) for made in result.objects]
            for each in problems[:MOST]:
                made = result.objects[each.document]
                problem, at = _located(each, made, places)
                identity = problem.rule, made.template, made.number, problem.pointer, problem.message
                if identity not in known:
                    known.add(identity)
                    said = dataclasses.replace(problem, severity=_in_version(problem, result is own))
                    found.append(_placed(finding_of(said, documents), at, made, result, version, chart.addon))
            if result is not own and not own.problems:
                found += _of_values(result, places, source, chart, version)
        found.sort(key=lambda each: _GRAVITY.index(each.severity))
        return found[:MOST], counts[0]

    def _of_objects(self, result: Result, minor: str, crds: Crds) -> ChartProblems:
        key = result.key, minor, crds.digest
        if key not in self._judged:
            if len(self._judged) >= _REMEMBERED:
                self._judged.clear()
            self._judged[key] = self._judge(result, self.engine(minor, crds))
        return self._judged[key]

    def _judge(self, result: Result, engine: Embedded) -> ChartProblems:
        documents = [Judged(made.value, made.template, _SCOPE) for made in result.objects]
        prepared = prepare(documents, engine.store, self._capi)
        problems = [*prepared.problems, *judge_embedded(prepared, engine)]
        problems = [_asked(problem, result.asked) for problem in problems]
        problems += policy_problems(prepared.items, self._policies)
        problems += (milder(problem) for problem in secret.check(prepared.items, self._allowed))
        return ChartProblems(tuple(problems), prepared.items, len(prepared.judgeable))


def _of_values(
    result: Result, places: Places, source: StackSource, chart: AddonChart, version: str = ""
) -> Iterator[Finding]:
    for problem in result.problems:
        if problem.rule == archive.RULE.id:
            at = places().of_template("/" + result.note) if result.note else places().of_dependency(_first(chart))
        elif problem.rule == rendering.RULE.id:
            at = places().of_words(problem.message)
        else:
            at = places().of_value(problem.pointer, on_key=problem.on_key)
        message = f"{problem.message} (Kubernetes {version})" if version else problem.message
        severity = Severity.WARNING if version else problem.severity
        yield Finding(
            problem.rule, severity, message, at.path, at.line, at.column, stack=str(source.stack),
            key=f"{chart.addon} {text_of(problem.pointer)} {problem.rule}",
        )


def _first(chart: AddonChart) -> str:
    return chart.charts[0].partition(" ")[0] if chart.charts else ""


def _located(problem: Problem, made: Made, places: Places) -> tuple[Problem, Related]:
    """A problem of an object, and where in the source it comes from."""
    value = value_at(made.value, problem.pointer)
    if problem.rule == secret.SECRET.id:
        return of_secret(problem, value, made.template, places())
    at = places().of_same_value(made.template, problem.pointer, value)
    return problem, at or places().of_template(made.template)


def _placed(
    bare: Finding, at: Related, made: Made, result: Result, version: str, addon: str
) -> Finding:
    """The finding, with words for what the source does not show: chart, template, object."""
    about = bare.object
    what = f"{about.kind} {about.name!r}{f' at {about.pointer}' if about.pointer else ''}" if about else "a document"
    label, template = _chart_of(result, made.template)
    message = f"{bare.message} (chart {label}, {template}, {what}, Kubernetes {minor_of(version)})"
    return dataclasses.replace(
        bare, message=message, path=at.path, line=at.line, column=at.column, related=(),
        key=f"{addon} {made.template} {made.number} {bare.rule}",
    )


def _chart_of(result: Result, template: str) -> tuple[str, str]:
    """What the chart of a template is called, and the template's path in it."""
    labels = result.labels or {}
    fitting = [folder for folder in labels if template.startswith(f"{folder}/")]
    folder = max(fitting, key=len, default="")
    return labels.get(folder, "?"), template.removeprefix(f"{folder}/")


def _in_version(problem: Problem, own: bool) -> Severity:
    """A version that Clusters only pass through on their way: what fails there passes with it."""
    return Severity.WARNING if not own and problem.severity is Severity.ERROR else problem.severity


def _asked(problem: Problem, asked: frozenset[str]) -> Problem:
    item = problem.item
    if problem.rule != NO_SCHEMA.id or item is None:
        return problem
    if not asked & {item.api_version, f"{item.api_version}/{item.kind}"}:
        return problem
    message = f"{problem.message}. The chart asks the cluster for this version, which cannot be told without one"
    return dataclasses.replace(problem, message=message, severity=Severity.WARNING)


def _reads_release(policy: Policy) -> bool:
    """Whether a policy may say another thing of the same object in another release."""
    return bool(policy.match.stacks) or any(_RELEASE.search(each.text) for each in policy.expressions())


def _folder(crds: Sequence[Mapping[str, Any]]) -> MappingFolder:
    files: dict[str, bytes] = {}
    kinds = []
    for crd in crds:
        try:
            converted = convert_crd(crd, source="the charts of addons")
        except ConversionError:
            continue  # the rules for CRDs say what is wrong with it
        for each in converted:
            files[each.info.file] = json.dumps(each.schema).encode()
            kinds.append(each.info)
    files[INDEX] = dump_index(kinds).encode()
    return MappingFolder(files, "the charts of addons")
