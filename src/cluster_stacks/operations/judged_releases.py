"""Renders stacks of one commit and judges what comes out, in bounded workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.operations.consequences import without_consequences
from cluster_stacks.operations.inflating import Inflater
from cluster_stacks.operations.judging import ReleaseJudge, own_folders
from cluster_stacks.operations.policies import policies_of
from cluster_stacks.operations.policy import Scope
from cluster_stacks.operations.predecessors import Predecessors, known_predecessors
from cluster_stacks.operations.rendered import map_rendered
from cluster_stacks.operations.rules import OF_OBJECTS
from cluster_stacks.operations.settling import settle
from cluster_stacks.publishing.supply import Judged
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.snapshot import Snapshot
from cluster_stacks.versioning.rules import judge_state


def judged_releases(
    snapshot: Snapshot, settings: Settings, stacks: Sequence[StackId],
    amended: Callable[[StackSource], StackSource] | None = None, predecessors: Predecessors | None = None,
) -> Iterator[Judged]:
    """The release of each stack, in order, with all that the rules of state and of validation find in it.

    `amended` gives the source that is rendered in place of the one that was read. `predecessors` finds what releases
    are held against; None: those of the branch as this clone knows it.
    Severities and waivers of the settings are applied. A stack that cannot be read or rendered gives its findings
    alone. Raises CannotTell where a tool is missing.
    """
    # Charts of the repository alone: what is published does not depend on what a machine has downloaded.
    inflater = Inflater(settings, downloaded=False)
    policies = policies_of(snapshot, settings)
    judge = ReleaseJudge(
        settings, own_folders(snapshot, settings), inflater=inflater, policies=policies,
        predecessors=predecessors or known_predecessors(snapshot.git, settings)[0],
    )
    for minor in {stack.kubernetes_minor for stack in stacks}:
        judge.engine(minor)  # read before the workers fork: they share it

    def judged(source: StackSource, release: Release) -> Judged:
        return Judged(release, (*judge_state(source), *judge.findings(source, release)))

    sources = (
        source if amended is None or isinstance(source, Refused) else amended(source)
        for source in load_stacks(snapshot, stacks)
    )
    for outcome in map_rendered(sources, settings, judged, total=len(stacks)):
        yield _settled(outcome.result or Judged(None, outcome.findings), settings)


def _settled(judged: Judged, settings: Settings) -> Judged:
    """As the settings want it: severities, waivers. Of what could not be rendered, none can be set."""
    if judged.release is None:
        return judged
    stack = {str(judged.release.stack)}
    scopes = [Scope("CS150", "CS179", stack), *(Scope(first, last, stack) for first, last in OF_OBJECTS)]
    applied = settle(judged.findings, settings, scopes)
    return Judged(judged.release, without_consequences(applied.findings), applied.waived)
