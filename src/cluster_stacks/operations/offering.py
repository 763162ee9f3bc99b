"""The stacks of a source commit as candidates for a branch, without reading those that it has exactly as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import Version
from cluster_stacks.publishing.verify import Candidate
from cluster_stacks.releases.branch import Branch
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.snapshot import CommitSnapshot


class Offering:
    """Callable as supply.Offer. Reads a stack once, however many attempts a publish takes.

    `keys` are those of the sources (releases.source_key), empty where everything is to be read; `admits` says whether a
    stack is meant for the branch at all.
    """

    def __init__(
        self, snapshot: CommitSnapshot, settings: Settings, stacks: Sequence[StackId], keys: Mapping[StackId, str],
        admits: Callable[[StackSource], bool],
    ) -> None:
        self._snapshot, self._settings, self._stacks = snapshot, settings, stacks
        self._keys, self._admits = keys, admits
        self._read: dict[StackId, Candidate | None] = {}
        self._known: dict[StackId, Version] = {}

    def __call__(self, branch: Branch) -> Sequence[Candidate]:
        """The candidates that the branch may lack. Raises Refused for sources that cannot be read, all of them."""
        self._known = {stack: version for stack in self._stacks if (version := self._seen(branch, stack))}
        self._load([stack for stack in self._stacks if stack not in self._known and stack not in self._read])
        offered = (self._read[stack] for stack in self._stacks if stack not in self._known)
        return [candidate for candidate in offered if candidate is not None]

    @property
    def versions(self) -> dict[StackId, Version]:
        """The version of each stack that is meant for the branch, as the last call found them."""
        read = {stack: item.metadata.cluster_stack for stack, item in self._read.items() if item}
        found = read | self._known
        return {stack: found[stack] for stack in self._stacks if stack in found}

    def _seen(self, branch: Branch, stack: StackId) -> Version | None:
        """The live version that was published from the same folders."""
        key, series = self._keys.get(stack), branch.series.get(stack)
        if not key or series is None:
            return None
        return next((item.version for item in reversed(series.live) if item.source_key == key), None)

    def _load(self, stacks: Sequence[StackId]) -> None:
        findings: list[Finding] = []
        for stack, source in zip(stacks, load_stacks(self._snapshot, stacks), strict=True):
            if isinstance(source, Refused):
                findings += source.findings
            else:
                meant = self._admits(source)
                commit = self._snapshot.revision
                self._read[stack] = Candidate.of(source, self._settings, commit) if meant else None
        if findings:
            raise Refused(*findings)
