"""The objects in any folder, such as a rendered branch, against the schemas of their kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from cluster_stacks.documents import rules
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.operations.consequences import without_consequences
from cluster_stacks.operations.folder_files import Listing, Unit, alike, listing, minor_of
from cluster_stacks.operations.folder_judging import FolderJudge, Report, to_explain
from cluster_stacks.operations.policies import policies_in
from cluster_stacks.operations.schemas import own_folders, repository_of
from cluster_stacks.operations.validate import ValidateResult, engine_name
from cluster_stacks.runtime.pool import FEW, Killed, default_jobs, map_bounded, note
from cluster_stacks.runtime.progress import track
from cluster_stacks.runtime.scratch import scratch
from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.engines import choose
from cluster_stacks.validation.kubeconform import Batch, Judgement
from cluster_stacks.validation.validate import judged_by, notes_of

R = TypeVar("R")
SECONDS = 120.0
"""What one rendered release may take, by the clock. An honest one takes milliseconds."""


@dataclass(slots=True)
class _Total:
    """What came of all units so far."""

    findings: list[Finding] = field(default_factory=list)
    documents: int = 0
    judgeable: int = 0
    others: int = 0
    minors: set[str] = field(default_factory=set)
    staged: list[tuple[Unit, Report]] = field(default_factory=list)

    def add(self, unit: Unit, report: Report) -> None:
        self.findings += report.findings
        self.documents += report.documents
        self.judgeable += report.judgeable
        self.others += report.others
        self.minors.update(report.minors)
        if report.staged:
            self.staged.append((unit, report))


def validate_folder(
    repo: Path, folder: Path, *, engine: str | None = None, capi: str | None = None, kubernetes: str | None = None
) -> ValidateResult:
    """Judges every object in the YAML and JSON files of a folder, or of one file.

    Objects are for the Kubernetes minor `kubernetes`, else for the one that a folder on their path names (`1-36`), else
    for the newest that there are schemas of. Charts are left out, and so are kustomizations and documents that do not
    claim to be objects (neither apiVersion nor kind): notes say so. A rendered release (a folder with a release.json)
    is judged by itself, together with the Clusters that name its class; all else is judged together. Raises
    CannotTell, and Refused for schemas or settings that cannot be used.
    """
    top, settings = repository_of(repo)
    engines = choose(engine or settings.engine, settings)
    found = listing(folder)
    judge = FolderJudge(engines, own_folders(repo), capi, kubernetes, policies_in(top, settings))
    for minor in {kubernetes or minor_of(unit.paths[0]) for unit in found.releases} - {""}:
        judge.engine(minor)  # read before the workers fork, which then share it
    total = _Total()
    if engines.tool is None:
        _judge(found, judge.judge, total)
    else:
        _by_kubeconform(found, judge, engines.tool, total)
    noted = (line for minor in sorted(total.minors) for line in notes_of(engines, judge.engine(minor).store))
    return ValidateResult(
        without_consequences(sorted(total.findings, key=lambda finding: finding.sort_key)), total.documents,
        judged_by(engines, total.judgeable), engine_name(engines),
        tuple(dict.fromkeys([*_notes(found.charts, total.others), *noted])),
        files=len(found.rest.paths) + sum(len(unit.paths) for unit in found.releases),
        read=lru_cache(maxsize=2)(_read_file),
    )


def _judge(found: Listing, judge: Callable[[Unit], Report], total: _Total) -> None:
    for unit, report in _each(judge, [found.rest, *found.releases], total):
        total.add(unit, report)


def _by_kubeconform(found: Listing, judge: FolderJudge, tool: Tool, total: _Total) -> None:
    with scratch() as place:
        batch = Batch(place)
        _judge(found, partial(judge.judge, batch=batch), total)
        for kind in sorted({kind for _, report in total.staged for kind in report.staged.values()}):
            store = judge.engine(kind.minor).store
            info = store.find(kind.api_version, kind.kind)
            assert info is not None, "only objects of known kinds are staged"
            batch.put_schema(info, store.schema(info))
        keys = {key for _, report in total.staged for key in report.staged}
        judgements = batch.run(tool, keys, default_jobs()) if keys else {}
    wrong: dict[Unit, Mapping[str, Judgement]] = {}
    for unit, report in total.staged:
        if refused := to_explain(report, judgements):
            wrong[unit] = refused
    for _, findings in _each(lambda unit: judge.explain(unit, wrong[unit]), list(wrong), total):
        total.findings += findings


def _each(function: Callable[[Unit], R], units: Sequence[Unit], total: _Total) -> Iterator[tuple[Unit, R]]:
    """`function` of every unit: few of them here, many in workers that share what the first two have read."""
    here, there = (units, ()) if len(units) <= FEW else (units[:2], units[2:])
    yield from ((unit, function(unit)) for unit in here)

    def work(group: Sequence[Unit]) -> list[R]:
        made = []
        for unit in group:
            note(unit.paths[0])
            made.append(function(unit))
        return made

    groups = alike(there)
    while groups:
        again: list[Sequence[Unit]] = []
        outcomes: Iterable[tuple[Sequence[Unit], list[R] | Killed]] = map_bounded(
            work, groups, jobs=default_jobs(), timeout=SECONDS, few=0
        )
        for group, outcome in track(outcomes, "judging", len(groups)):
            if not isinstance(outcome, Killed):
                yield from zip(group, outcome, strict=True)
            elif len(group) == 1:
                total.findings.append(_lost(group[0], outcome))
            else:  # only one of them may be at fault
                again += ((unit,) for unit in group)
        groups = again


def _lost(unit: Unit, killed: Killed) -> Finding:
    message = f"judging this release {killed.reason} ({killed.detail}) and was stopped: none of its objects is judged"
    return Finding(rules.LIMIT, Severity.ERROR, message, unit.paths[0], key=killed.reason.value)


def _notes(charts: Sequence[str], others: int) -> Iterator[str]:
    if charts:
        names = sorted({Path(chart).name for chart in charts})
        yield f"{len(charts)} charts are not inflated, their objects not judged: {', '.join(names)}"
    if others:
        yield f"{others} documents are no objects (kustomizations, values …) and were not judged"


def _read_file(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None
