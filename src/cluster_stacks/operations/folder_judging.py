"""The judgement of one unit of a folder, in the worker that reads it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.finding import Finding, Related
from cluster_stacks.operations.folder_files import Unit, read
from cluster_stacks.operations.placeholders import filled, is_delivered, is_filled_later
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.engines import Engines
from cluster_stacks.validation.folders import Folder
from cluster_stacks.validation.judge import Prepared, explain, judge_embedded, prepare, stage
from cluster_stacks.validation.kubeconform import Batch, Judgement, Status
from cluster_stacks.validation.policies.judge import problems as policy_problems
from cluster_stacks.validation.policies.policy import Policy
from cluster_stacks.validation.problem import Judged, Problem, finding_of
from cluster_stacks.validation.store import Store, minors


class Kind(NamedTuple):
    """The kind of an object that was written for kubeconform, and the Kubernetes minor that it is for."""

    minor: str
    api_version: str
    kind: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker says of a unit. `staged` are the objects that kubeconform is to judge, by their keys.

    `refused` are those of them that the embedded engine refuses, where it was asked.
    """

    findings: Sequence[Finding]
    others: int
    documents: int
    judgeable: int
    minors: Sequence[str]
    staged: Mapping[str, Kind] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Objects:
    """The objects of a unit for one minor."""

    documents: Sequence[Document]
    judged: Sequence[Judged]
    prepared: Prepared


class FolderJudge:
    """Judges units. One serves all workers of a run."""

    def __init__(
        self, engines: Engines, folders: Sequence[Folder], capi: str | None, kubernetes: str | None,
        policies: Sequence[Policy],
    ) -> None:
        self._engines, self._folders, self._capi = engines, folders, capi
        self._kubernetes, self._policies = kubernetes, policies
        self._newest = kubernetes or minors()[-1]
        self._made: dict[str, Embedded] = {}

    def engine(self, minor: str) -> Embedded:
        """The embedded engine for objects of a Kubernetes minor, made once."""
        if minor not in self._made:
            self._made[minor] = Embedded(Store(minor, self._folders))
        return self._made[minor]

    def judge(self, unit: Unit, batch: Batch | None = None) -> Report:
        """All that is found in a unit. With a batch kubeconform judges, and objects are written there for it."""
        found = read(unit, self._kubernetes, self._newest)
        findings, staged, refused = found.findings, dict[str, Kind](), set[str]()
        documents = judgeable = 0
        for minor, held in self._objects(found.objects):
            prepared, engine = held.prepared, self.engine(minor)
            problems = [*prepared.problems, *policy_problems(prepared.items, self._policies)]
            if batch is None:
                problems += judge_embedded(prepared, engine)
            else:
                keys, more = stage(prepared, batch, _name(unit, minor))
                problems += more
                for key, index in keys.items():
                    item, info = prepared.items[index], prepared.kinds[index]
                    staged[key] = Kind(minor, item.api_version, item.kind)
                    if self._engines.both and info is not None and not engine.is_valid(item, info):
                        refused.add(key)
            findings += _placed(held, problems)
            documents += prepared.documents
            judgeable += len(prepared.judgeable)
        return Report(
            findings, found.others, documents, judgeable, sorted(found.objects), staged, frozenset(refused)
        )

    def explain(self, unit: Unit, judgements: Mapping[str, Judgement]) -> list[Finding]:
        """What is behind judgements of kubeconform, by the keys that `judge` gave: the unit is read again."""
        found = read(unit, self._kubernetes, self._newest)
        findings: list[Finding] = []
        for minor, held in self._objects(found.objects):
            problems: list[Problem] = []
            for key, judgement in judgements.items():
                name, _, number = key.rpartition("/")[2].removesuffix(".json").rpartition("-")
                info = held.prepared.kinds[int(number)] if name == _name(unit, minor) else None
                if info is not None:
                    item = held.prepared.items[int(number)]
                    problems += explain(judgement, item, info, self.engine(minor), both=self._engines.both)
            findings += _placed(held, problems)
        return findings

    def _objects(self, found: Mapping[str, Sequence[Document]]) -> Iterator[tuple[str, _Objects]]:
        for minor, documents in sorted(found.items()):
            judged = [Judged(_value(d), d.path, scope=os.path.dirname(d.path), line=d.line) for d in documents]  # noqa: PTH120
            yield minor, _Objects(documents, judged, prepare(judged, self.engine(minor).store, self._capi))


def to_explain(report: Report, judgements: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """The judgements of a unit that need an explanation: refused by either engine, or not judged."""
    mine = ((key, judgements[key]) for key in report.staged)
    return {key: found for key, found in mine if found.status is not Status.VALID or key in report.refused}


def _name(unit: Unit, minor: str) -> str:
    return f"{unit.number}_{minor}"


def _value(document: Document) -> object:
    """The object as it is applied."""
    return filled(document.value) if is_delivered(document.path) else document.value


def _placed(held: _Objects, problems: Sequence[Problem]) -> Iterator[Finding]:
    """The findings of problems, with lines."""
    for problem in sorted(problems, key=lambda problem: problem.document):
        document = held.documents[problem.document]
        if is_delivered(document.path) and is_filled_later(document.value, problem.pointer):
            continue
        finding = finding_of(problem, held.judged)
        at = held.documents[problem.document].position(problem.pointer, problem.on_key)
        related = finding.related
        if problem.other is not None:
            other = held.documents[problem.other]
            there = other.position(problem.other_at)
            related = (Related(other.path, there.line, there.column, problem.other_said),)
        yield dataclasses.replace(
            finding, line=at.line, column=at.column, end_line=at.end_line, end_column=at.end_column, related=related
        )
