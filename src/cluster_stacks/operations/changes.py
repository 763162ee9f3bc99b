"""Which layers of which stacks changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.finding import Finding
from cluster_stacks.operations.comparing import Question, compare, reads
from cluster_stacks.versioning.change import StackChange


@dataclass(frozen=True, slots=True)
class ChangesResult:
    """The stacks that changed, in order, and what keeps others from being told."""

    changes: tuple[StackChange, ...] = ()
    findings: tuple[Finding, ...] = ()


def find_changes(repo: Path, question: Question) -> ChangesResult:
    """The changes that a question is about. Raises CannotTell where it has no answer."""
    comparison = compare(repo, question)
    if not comparison.changes:
        return ChangesResult()
    from cluster_stacks.versioning.detect import detect

    try:
        detected = detect(comparison, reads)
    finally:
        comparison.head.git.close()
    return ChangesResult(detected.changes, detected.findings)
