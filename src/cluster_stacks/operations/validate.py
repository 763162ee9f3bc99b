"""The rendered objects of stacks against the schemas of their kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cluster_stacks.model.finding import Finding, Waived
from cluster_stacks.model.stack import SETTINGS_PATH, SHARED, StackId
from cluster_stacks.operations.comparing import Question, compare
from cluster_stacks.repository.changes import RawChange
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.paths import place_of
from cluster_stacks.repository.snapshot import Snapshot, read_path
from cluster_stacks.repository.stacks import discover, select

if TYPE_CHECKING:
    from cluster_stacks.operations.judging import ReleaseJudge
    from cluster_stacks.operations.policy import Scope
    from cluster_stacks.operations.validating import Total
    from cluster_stacks.validation.engines import Engines


@dataclass(frozen=True, slots=True)
class ValidateResult:
    """What was found, in how many objects of how many stacks or files, and by whom.

    `judged` says how many objects each engine judged; where that is not all of `documents`, the rest has a finding
    each. `engine` names the engines with their versions. `read` gives the bytes of a file by its path, for snippets.
    `waived` are findings that the settings let pass.
    """

    findings: tuple[Finding, ...] = ()
    documents: int = 0
    judged: Mapping[str, int] = field(default_factory=dict)
    engine: str = ""
    notes: tuple[str, ...] = ()
    stacks: int = 0
    files: int = 0
    read: Callable[[str], bytes | None] = field(default=lambda _: None, compare=False)
    waived: tuple[Waived, ...] = ()
    charts: tuple[Mapping[str, object], ...] = ()
    """What became of charts, as the JSON report says it."""


def validate_stacks(
    repo: Path, patterns: Sequence[str], question: Question, *,
    engine: str | None = None, capi: str | None = None, every: bool = False, charts: bool = True,
) -> ValidateResult:
    """Renders stacks and judges their objects.

    The stacks that `patterns` mean; without any, those that the question is about where it names a base or the index,
    else all; `every` means all. `engine` counts before that of the settings. Without `charts`, those that are vendored
    or downloaded are not inflated either. Raises CannotTell where the question has
    no answer or an engine is missing, Refused for settings or schemas that cannot be used.
    """
    snapshot, changes = _state(repo, question, only_changed=not patterns and not every)
    known: Iterable[Finding] = ()
    try:
        if changes is not None and not changes:
            return ValidateResult()
        discovery = discover(snapshot)
        chosen = select(discovery.stacks, patterns)
        if changes is not None:
            chosen = _touched(chosen, changes)
        elif not patterns:
            known = discovery.findings
        return _judge(snapshot, chosen, known, engine, capi, charts=charts)
    finally:
        snapshot.git.close()


def _judge(
    snapshot: Snapshot, stacks: Sequence[StackId], known: Iterable[Finding], engine: str | None, capi: str | None, *,
    charts: bool,
) -> ValidateResult:
    # Not before something is to be judged: a hook most often finds that nothing is.
    from cluster_stacks.operations.chart_states import facts
    from cluster_stacks.operations.consequences import without_consequences
    from cluster_stacks.operations.inflating import Inflater
    from cluster_stacks.operations.judging import ReleaseJudge, own_folders
    from cluster_stacks.operations.policies import policies_of
    from cluster_stacks.operations.predecessors import known_predecessors
    from cluster_stacks.operations.settling import settle
    from cluster_stacks.operations.validating import Validation
    from cluster_stacks.repository.effective import load_stacks
    from cluster_stacks.repository.settings import load_settings
    from cluster_stacks.validation.engines import choose
    from cluster_stacks.validation.validate import judged_by

    settings = load_settings(snapshot)
    engines = choose(engine or settings.engine, settings)
    inflater = Inflater(settings, enabled=charts)
    policies = policies_of(snapshot, settings)
    predecessors, uncompared = known_predecessors(snapshot.git, settings)
    judge = ReleaseJudge(
        settings, own_folders(snapshot, settings), capi, inflater=inflater, policies=policies,
        predecessors=predecessors,
    )
    total = Validation(partial(load_stacks, snapshot), settings, engines, judge).run(stacks)
    settled = settle(dict.fromkeys([*known, *total.findings]), settings, _scopes(stacks, total.findings))
    findings = without_consequences(settled.findings)
    return ValidateResult(
        tuple(sorted(findings, key=lambda finding: finding.sort_key)), total.documents,
        judged_by(engines, total.judgeable), engine_name(engines),
        (*_notes(total, engines, judge, stacks), *filter(None, [uncompared])), len(stacks),
        read=partial(read_path, snapshot), waived=settled.waived, charts=tuple(facts(total.charts)),
    )


def _scopes(stacks: Sequence[StackId], findings: Sequence[Finding]) -> list[Scope]:
    """What was judged: the objects of these stacks, less of those that could not be read or rendered."""
    from cluster_stacks.operations.policy import Scope
    from cluster_stacks.operations.rules import OF_OBJECTS

    unread = {finding.stack for finding in findings if finding.rule < "CS400"}
    judged = {str(stack) for stack in stacks} - unread
    return [Scope(first, last, judged) for first, last in OF_OBJECTS]


def _state(repo: Path, question: Question, *, only_changed: bool) -> tuple[Snapshot, Sequence[RawChange] | None]:
    """The proposed state, and what it changes where only that is asked about.

    A question that names neither base nor state is about the work tree, whole; in a bare repository about HEAD.
    """
    if only_changed and (question.staged or question.base is not None):
        comparison = compare(repo, question)
        return comparison.head, [change for change in comparison.changes if change.path != SETTINGS_PATH]
    from cluster_stacks.operations.choosing import snapshot_of

    return snapshot_of(Git.discover(repo), question.head, staged=question.staged), None


def _touched(stacks: Iterable[StackId], changes: Iterable[RawChange]) -> list[StackId]:
    """The stacks whose own or shared files changed, whether or not a rendered byte did."""
    places = [place for change in changes if (place := place_of(change.path))]
    own = {place.stack for place in places if place.stack}
    families = {place.family for place in places if place.folder == SHARED}
    return [stack for stack in stacks if stack in own or (stack.provider, stack.name) in families]


def engine_name(engines: Engines) -> str:
    """`kubeconform v0.8.0`, for people."""
    names = [f"{engines.tool.name} {engines.tool.version}"] if engines.tool else []
    return " and ".join([*names, "the embedded engine"] if engines.embedded else names)


def _notes(total: Total, engines: Engines, judge: ReleaseJudge, stacks: Iterable[StackId]) -> Iterable[str]:
    from cluster_stacks.validation.validate import notes_of

    minors = sorted({stack.kubernetes_minor for stack in stacks})
    yield from dict.fromkeys(note for minor in minors for note in notes_of(engines, judge.engine(minor).store))
    if total.custom and engines.tool:
        yield f"{total.custom} objects of kinds that the addons themselves define were judged by the embedded engine"
    if total.charts:
        from cluster_stacks.operations.chart_states import notes

        yield from notes(total.charts)
