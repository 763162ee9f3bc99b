"""Brings the releases that a branch lacks: verified by digest where it has them, rendered and staged where not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.stage import StagedRelease, stage
from cluster_stacks.publishing.verify import Candidate, verify
from cluster_stacks.releases.branch import Branch


@dataclass(frozen=True, slots=True)
class Judged:
    """A stack that was rendered and validated: its release, None where that failed, and what was found."""

    release: Release | None
    findings: tuple[Finding, ...] = ()


Render = Callable[[Sequence[StackId]], Iterable[Judged]]
"""Renders and validates stacks, one after the other: each result is let go before the next is asked for."""


class Supplier:
    """Callable as publisher.Supply. What it rendered once it keeps, by name, for the next attempt."""

    def __init__(self, candidates: Sequence[Candidate], render: Render) -> None:
        self._candidates = candidates
        self._render = render
        self._staged: dict[StackId, StagedRelease] = {}
        self._remarks: list[Finding] = []

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Warnings and notes on what was rendered."""
        return tuple(self._remarks)

    def __call__(self, branch: Branch, writer: ObjectWriter) -> Sequence[StagedRelease]:
        """The staged releases that `branch` lacks, or that an earlier tip lacked.

        Raises Refused with every error there is: versions published with other content first, since nothing needs to be
        rendered to know; then what rendering and validation say of all stacks.
        """
        findings = [finding for candidate in self._candidates for finding in verify(branch, candidate)]
        if findings:
            raise Refused(*findings)
        lacking = [
            item for item in self._candidates
            if branch.find(item.stack, item.metadata.cluster_stack) is None and item.stack not in self._staged
        ]
        if lacking:
            self._complete(lacking, writer)
        return list(self._staged.values())

    def _complete(self, lacking: Sequence[Candidate], writer: ObjectWriter) -> None:
        digests = {item.stack: item.source_digest for item in lacking}
        errors: list[Finding] = []
        for staged in self._stage([item.stack for item in lacking], writer, errors):
            assert staged.facts.source_digest == digests[staged.stack], f"{staged.facts.name}: one source, two digests"
            self._staged[staged.stack] = staged
        if errors:
            raise Refused(*errors)

    def _stage(
        self, stacks: Sequence[StackId], writer: ObjectWriter, errors: list[Finding]
    ) -> Iterator[StagedRelease]:
        for judged in self._render(stacks):
            wrong = [finding for finding in judged.findings if finding.severity is Severity.ERROR]
            errors += wrong
            self._remarks += [finding for finding in judged.findings if finding.severity is not Severity.ERROR]
            # After the first error nothing will be committed; the rest is rendered for what there is to say of it.
            if judged.release is not None and not errors:
                yield stage(judged.release, writer)
