"""Our verdicts beside a real cluster's: what we miss, and what we refuse without need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutants import answers
from mutants.decisions import DECISIONS
from mutants.mutant import Fate, Mutant
from mutants.verdicts import Verdict, verdict


class Difference(StrEnum):
    """How a verdict of ours differs from what becomes of the mutant."""

    MISSED = "missed"
    """A cluster refuses it, and we find nothing."""
    FALSE = "false error"
    """A cluster takes it and it works, and we refuse it."""
    UNSEEN = "fails unseen"
    """A cluster takes it and it fails when it is used, and we find nothing."""
    UNASKED = "not asked"
    """There is no answer: `make parity` asks."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A mutant, what the cluster said (None: it was not asked; "": accepted), and what we say."""

    mutant: Mutant
    reason: str | None
    verdict: Verdict

    @property
    def refused(self) -> bool:
        return bool(self.reason)

    @property
    def difference(self) -> Difference | None:
        """How we differ; None where we agree, or a decision says why not."""
        operator, warned = self.mutant.operator, bool(self.verdict.problems)
        if self.reason is None and not self.mutant.stack:
            return Difference.UNASKED
        decided = operator.name in DECISIONS
        if self.refused:
            return None if self.verdict.errors or (decided and warned) else Difference.MISSED
        if operator.fate is Fate.FAILS:
            return None if warned or decided else Difference.UNSEEN
        works = operator.fate is Fate.WORKS
        return Difference.FALSE if works and self.verdict.errors and not decided else None


def compare(mutants: Iterable[Mutant], known: Mapping[answers.Key, str]) -> Iterator[Compared]:
    """Every mutant beside its answer."""
    for mutant in mutants:
        reason = None if mutant.stack else answers.of(known, mutant.key)
        yield Compared(mutant, reason, verdict(mutant))
