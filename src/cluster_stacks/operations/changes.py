"""Which layers of which stacks changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.finding import Finding
from cluster_stacks.operations.comparing import Question, Since, compare, reads
from cluster_stacks.versioning.change import StackChange


@dataclass(frozen=True, slots=True)
class ChangesResult:
    """The stacks that changed, in order, what keeps others from being told, and what they were compared with."""

    changes: tuple[StackChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    since: Since | None = None


def find_changes(repo: Path, question: Question) -> ChangesResult:
    """The changes that a question is about. Raises CannotTell where it has no answer."""
    comparison = compare(repo, question)
    if not comparison.changes:
        return ChangesResult(since=Since.of(comparison))
    from cluster_stacks.versioning.detect import detect

    try:
        detected = detect(comparison, reads)
    finally:
        comparison.head.git.close()
    return ChangesResult(detected.changes, detected.findings, Since.of(comparison))
