"""Brings the releases that a branch lacks: verified by digest where it has them, rendered and staged where not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity, Waived
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing.graft import contradiction, graft
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.rules import BUNDLES
from cluster_stacks.publishing.stage import StagedRelease, stage
from cluster_stacks.publishing.verify import Candidate, undelivered, verify
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.series import State


@dataclass(frozen=True, slots=True)
class Judged:
    """A stack that was rendered and validated: its release, None where that failed, what was found, what let pass."""

    release: Release | None
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()


Offer = Callable[[Branch], Sequence[Candidate]]
"""Gives the stacks of the source that a branch may lack, the same again for the same branch."""

Render = Callable[[Sequence[StackId]], Iterable[Judged]]
"""Renders and validates stacks, one after the other: each result is let go before the next is asked for."""


class Supplier:
    """Callable as publisher.Supply. What it rendered once it keeps, by name, for the next attempt.

    `others` are the repository's further rendered branches, by name: what one of them has is taken from there, by
    object id, and nothing may differ from it. `keys` are those of the stacks' sources.
    """

    def __init__(
        self, offer: Offer, render: Render, others: Sequence[tuple[str, Branch]] = (),
        keys: Mapping[StackId, str] | None = None,
    ) -> None:
        self._offer = offer
        self._keys = keys or {}
        self._render = render
        self._others = others
        self._staged: dict[StackId, StagedRelease] = {}
        self._remarks: dict[Finding, None] = {}
        self._waived: dict[Waived, None] = {}

    @property
    def waived(self) -> tuple[Waived, ...]:
        """What the settings let pass."""
        return tuple(self._waived)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Warnings and notes on what was rendered, and on versions that are on the branch and not delivered."""
        return tuple(self._remarks)

    def __call__(self, branch: Branch, writer: ObjectWriter) -> Sequence[StagedRelease]:
        """The staged releases that `branch` lacks, or that an earlier tip lacked.

        Raises Refused with every error there is: versions published with other content first, since nothing needs to be
        rendered to know; then what rendering and validation say of all stacks.
        """
        candidates = self._offer(branch)
        findings = [finding for candidate in candidates for finding in verify(branch, candidate)]
        findings += [finding for candidate in candidates for finding in self._contradictions(candidate)]
        if findings:
            raise Refused(*findings)
        lacking = [
            item for item in candidates
            if branch.find(item.stack, item.metadata.cluster_stack) is None and item.stack not in self._staged
        ]
        self._remarks |= {note: None for candidate in candidates for note in undelivered(branch, candidate)}
        lacking = [item for item in lacking if not self._is_yanked(item) and not self._taken(item)]
        if lacking:
            self._complete(lacking, writer)
        return list(self._staged.values())

    def _contradictions(self, candidate: Candidate) -> Iterator[Finding]:
        stack, version = candidate.stack, candidate.metadata.cluster_stack
        for name, branch in self._others:
            if found := contradiction(name, branch, stack, version, candidate.source_digest):
                yield found

    def _is_yanked(self, candidate: Candidate) -> bool:
        """Whether another branch has that release, yanked: it goes nowhere else, and a note says why."""
        stack, version = candidate.stack, candidate.metadata.cluster_stack
        for _, branch in self._others:
            published = branch.find(stack, version)
            if published is not None and published.state is State.YANKED:
                self._remarks |= dict.fromkeys(undelivered(branch, candidate))
                return True
        return False

    def _taken(self, candidate: Candidate) -> bool:
        """Whether another branch has that release: it is staged from there."""
        stack, version = candidate.stack, candidate.metadata.cluster_stack
        grafted = next(filter(None, (graft(branch, stack, version) for _, branch in self._others)), None)
        if grafted is not None:
            self._staged[stack] = replace(grafted, source_key=self._keys.get(stack, ""))
        return grafted is not None

    def _complete(self, lacking: Sequence[Candidate], writer: ObjectWriter) -> None:
        digests = {item.stack: item.source_digest for item in lacking}
        errors: list[Finding] = []
        for staged in self._stage([item.stack for item in lacking], writer, errors):
            if staged.facts.source_digest != digests[staged.stack]:  # it was rendered elsewhere, from something else
                message = f"{staged.facts.name} was not rendered from this source: render its shard again"
                raise Refused(Finding(BUNDLES.id, Severity.ERROR, message, stack=str(staged.stack)))
            self._staged[staged.stack] = replace(staged, source_key=self._keys.get(staged.stack, ""))
        if errors:
            raise Refused(*errors)

    def _stage(
        self, stacks: Sequence[StackId], writer: ObjectWriter, errors: list[Finding]
    ) -> Iterator[StagedRelease]:
        for judged in self._render(stacks):
            wrong = [finding for finding in judged.findings if finding.severity is Severity.ERROR]
            errors += wrong
            self._waived |= dict.fromkeys(judged.waived)
            self._remarks |= {found: None for found in judged.findings if found.severity is not Severity.ERROR}
            # After the first error nothing will be committed; the rest is rendered for what there is to say of it.
            if judged.release is not None and not errors:
                yield stage(judged.release, writer)
