"""The judgement of a release: its objects against their schemas, with findings at the lines they come from.

Runs in the worker that rendered, so that no object has to leave it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cluster_stacks.documents.yaml import load
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release, RenderedObject
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.operations.chart_judging import ChartJudge
from cluster_stacks.operations.chart_states import ChartState, InCharts, state_of
from cluster_stacks.operations.inflated import Crds, crds_of
from cluster_stacks.operations.inflating import AddonChart, Inflater
from cluster_stacks.operations.predecessors import Predecessors
from cluster_stacks.rendering.layout import ADDON_FOLDER
from cluster_stacks.rendering.locate import locate
from cluster_stacks.repository.snapshot import Snapshot, WorktreeSnapshot
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.folders import DEFAULT_FOLDERS, DirectoryFolder, Folder, MappingFolder, is_bundled
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.judge import Prepared, explain, judge_embedded, prepare, stage
from cluster_stacks.validation.kubeconform import Batch, Judgement, Status
from cluster_stacks.validation.policies.judge import problems as policy_problems
from cluster_stacks.validation.policies.policy import Policy
from cluster_stacks.validation.problem import Item, Judged, Problem, finding_of, text_of
from cluster_stacks.validation.rules import secret
from cluster_stacks.validation.secret_files import secret_findings
from cluster_stacks.validation.store import Store


@dataclass(frozen=True, slots=True)
class Judgeable:
    """What a release holds for an engine: its objects, and its charts, inflated or not.

    `custom` are objects of addons whose kinds the `crds` of the release itself define: they are judged with the charts.
    """

    release: Release
    objects: tuple[RenderedObject, ...]
    prepared: Prepared
    charts: tuple[AddonChart, ...]
    crds: Crds = field(default_factory=Crds)
    custom: tuple[RenderedObject, ...] = ()


@dataclass(frozen=True, slots=True)
class Staged:
    """What was written for kubeconform: the kind of each object by its key, and the keys that the embedded refuses."""

    kinds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()


class ReleaseJudge:
    """Judges releases by the bundled schemas and the repository's own. One serves all workers of a run."""

    def __init__(
        self, settings: Settings, folders: Sequence[Folder] = (), capi: str | None = None, *,
        inflater: Inflater | None = None, policies: Sequence[Policy] = (), predecessors: Predecessors | None = None,
    ) -> None:
        """`inflater` makes objects of charts; without one they are told as not inflated. `predecessors` finds what
        releases are held against.
        """
        self._settings, self._folders, self._capi, self._policies = settings, folders, capi, policies
        self._inflater = inflater or Inflater(settings, enabled=False)
        self._charts = ChartJudge(folders, capi, settings.allow_secrets, policies)
        self._predecessors = predecessors
        self._engines: dict[str, Embedded] = {}

    def engine(self, minor: str) -> Embedded:
        """The embedded engine for objects of a Kubernetes minor. Raises CannotTell, Refused for unusable schemas."""
        if minor not in self._engines:
            self._engines[minor] = Embedded(Store(minor, self._folders))
        return self._engines[minor]

    def findings(self, source: StackSource, release: Release) -> list[Finding]:
        """Everything that the embedded engine and the rules find in a release, at its place in the source."""
        held = self.read(release)
        placed = self.placed(source, held, [*held.prepared.problems, *self.judge(held)])
        return [*placed, *self.in_charts(source, held).findings, *self.in_files(source, release)]

    def in_files(self, source: StackSource, release: Release) -> list[Finding]:
        """What is found in files that hold no objects of the release."""
        return list(secret_findings(source, release, self._settings.allow_secrets))

    def read(self, release: Release) -> Judgeable:
        """The objects of a release, and what the rules that need no engine find."""
        objects = (*release.objects, *(release.images.objects if release.images else ()))
        store = self.engine(release.stack.kubernetes_minor).store
        charts = tuple(self._inflater.charts(release))
        crds = crds_of((o.value for o in objects if _in_addon(o)), (chart.own for chart in charts if chart.own))
        custom = self._custom(release, objects, crds)
        if custom:
            left = {id(item) for item in custom}
            objects = tuple(item for item in objects if id(item) not in left)
        documents = [Judged(item.value, item.source, _scope(item), str(release.stack)) for item in objects]
        published = self._predecessors.of(release) if self._predecessors else ()
        prepared = prepare(documents, store, self._capi, release, published=published)
        secrets = secret.check(prepared.items, self._settings.allow_secrets)
        broken = policy_problems(prepared.items, self._policies, release)
        prepared = dataclasses.replace(prepared, problems=(*prepared.problems, *secrets, *broken))
        return Judgeable(release, objects, prepared, charts, crds, custom)

    def _custom(
        self, release: Release, objects: Sequence[RenderedObject], crds: Crds
    ) -> tuple[RenderedObject, ...]:
        """The objects of addons that only the release's own CRDs tell of."""
        if not crds.values:
            return ()
        minor = release.stack.kubernetes_minor
        known, more = self.engine(minor).store, self._charts.engine(minor, crds).store
        return tuple(
            item for item in filter(_in_addon, objects)
            if not known.find(item.api_version, item.kind) and more.find(item.api_version, item.kind)
        )

    def in_charts(self, source: StackSource, held: Judgeable) -> InCharts:
        """What is found in charts that are there, and in objects of the kinds that the release itself defines."""
        if not held.charts and not held.custom:
            return InCharts()
        found, states = list[Finding](), list[ChartState]()
        for chart in held.charts:
            findings, count = self._charts.findings(source, held.release, chart, held.crds)
            found += findings
            states.append(state_of(str(source.stack), chart, count))
        if held.custom:
            own = self._charts.engine(held.release.stack.kubernetes_minor, held.crds)
            documents = [Judged(item.value, item.source, _scope(item), str(source.stack)) for item in held.custom]
            prepared = prepare(documents, own.store, self._capi)
            secrets = secret.check(prepared.items, self._settings.allow_secrets)
            broken = policy_problems(prepared.items, self._policies, held.release)
            problems = [*prepared.problems, *judge_embedded(prepared, own), *secrets, *broken]
            found += (self._placed(source, held.custom, documents, problem) for problem in problems)
        return InCharts(found, states, len(held.custom))

    def judge(self, held: Judgeable) -> list[Problem]:
        """What the embedded engine finds."""
        return judge_embedded(held.prepared, self.engine(held.release.stack.kubernetes_minor))

    def stage(self, held: Judgeable, batch: Batch, *, both: bool) -> tuple[Staged, list[Problem]]:
        """Writes the objects for kubeconform; with `both`, judges them by the embedded engine as well."""
        keys, problems = stage(held.prepared, batch, str(held.release.stack).replace("/", "_"))
        engine = self.engine(held.release.stack.kubernetes_minor)
        refused = frozenset(
            key for key, index in keys.items() if both and not engine.is_valid(*_known(held.prepared, index))
        )
        kinds = {key: (held.prepared.items[i].api_version, held.prepared.items[i].kind) for key, i in keys.items()}
        return Staged(kinds, refused), problems

    def explain(self, held: Judgeable, judgements: Mapping[str, Judgement], *, both: bool) -> list[Problem]:
        """The problems behind judgements of kubeconform, by the keys that `stage` gave."""
        engine = self.engine(held.release.stack.kubernetes_minor)
        problems: list[Problem] = []
        for key, judgement in sorted(judgements.items()):
            item, info = _known(held.prepared, int(key.rpartition("-")[2].removesuffix(".json")))
            problems += explain(judgement, item, info, engine, both=both)
        return problems

    def placed(self, source: StackSource, held: Judgeable, problems: Sequence[Problem]) -> list[Finding]:
        """The findings of problems, with lines."""
        documents = [Judged(item.value, item.source, "", str(source.stack)) for item in held.objects]
        return [self._placed(source, held.objects, documents, problem) for problem in problems]

    def _placed(
        self, source: StackSource, objects: Sequence[RenderedObject], documents: Sequence[Judged], problem: Problem
    ) -> Finding:
        finding = finding_of(problem, documents)
        if problem.file:
            return _in_file(source, problem, finding)
        pointer = finding.object.pointer if finding.object else ""
        at = locate(
            source, objects[problem.document], pointer, self._settings, on_key=problem.on_key, within=problem.within
        )
        related = finding.related
        if problem.other is not None:
            there = locate(source, objects[problem.other], text_of(problem.other_at), self._settings)
            related = (*problem.related, there._replace(message=problem.other_said))
        return dataclasses.replace(finding, path=at.path, line=at.line, column=at.column, related=related)


def _in_file(source: StackSource, problem: Problem, finding: Finding) -> Finding:
    file = source.files.get(problem.file)
    if file is None:  # metadata.yaml, which is read and not kept
        return dataclasses.replace(finding, path=f"{source.stack.path}/{problem.file}", line=0, column=0, object=None)
    at = load(file.data, file.path).position(problem.pointer)
    return dataclasses.replace(finding, path=file.path, line=at.line, column=at.column, object=None)


def own_folders(snapshot: Snapshot, settings: Settings) -> list[Folder]:
    """The repository's own folders of schemas, as they stand in a snapshot."""
    names = [name.strip("/") for name in settings.schemas or DEFAULT_FOLDERS]
    if isinstance(snapshot, WorktreeSnapshot):
        # On disk as they are: what `schemas add` has just written counts before it is added to Git.
        top = snapshot.git.top
        directories = [DirectoryFolder(top / name, name) for name in names] if top else []
        return [directory for directory in directories if not is_bundled(directory)]
    entries = [entry for entry in snapshot.entries(*names) if entry.mode.startswith("100")]
    files = {entry.path: data for entry, data in snapshot.read(entries)}
    found: list[Folder] = []
    for name in names:
        inside = {path.removeprefix(f"{name}/"): data for path, data in files.items() if path.startswith(f"{name}/")}
        folder = MappingFolder(inside, name)
        if inside and not is_bundled(folder):
            found.append(folder)
    return found


def refused_by(
    judgements: Mapping[str, Judgement], staged: Mapping[StackId, Staged]
) -> dict[StackId, dict[str, Judgement]]:
    """By stack, the judgements that need an explanation: refused by either engine, or not judged."""
    found: dict[StackId, dict[str, Judgement]] = {}
    for stack, written in staged.items():
        mine = {key: judgements[key] for key in written.kinds}
        wrong = {key: j for key, j in mine.items() if j.status is not Status.VALID or key in written.refused}
        if wrong:
            found[stack] = wrong
    return found


def _known(prepared: Prepared, index: int) -> tuple[Item, KindInfo]:
    info = prepared.kinds[index]
    assert info is not None, "only objects of known kinds are staged"
    return prepared.items[index], info


def _scope(item: RenderedObject) -> str:
    """What is applied together: the class with its templates, one addon, the images."""
    parts = item.file.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0] if len(parts) > 1 else ""


def _in_addon(item: RenderedObject) -> bool:
    return item.file.startswith(f"{ADDON_FOLDER}/")
