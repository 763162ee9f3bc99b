"""What is wrong with a commit of a history, in a word."""

from __future__ import annotations

from enum import StrEnum

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.metadata import Component
from cluster_stacks.versioning.expected import VERSIONED, version_of
from cluster_stacks.versioning.replay import Judged
from cluster_stacks.versioning.rules.history import USED_AGAIN


class Verdict(StrEnum):
    """One word a kind of mistake."""

    NOT_MOVED = "not moved"
    MOVED_ALONE = "moved without a change"
    SKIPPED = "skipped"
    WENT_DOWN = "went down"
    USED_AGAIN = "used again"
    UNREADABLE = "cannot be read"
    REFUSED = "refused"


_BY_RULE = {
    "CS101": Verdict.NOT_MOVED, "CS102": Verdict.NOT_MOVED, "CS103": Verdict.NOT_MOVED, "CS104": Verdict.MOVED_ALONE,
    "CS105": Verdict.USED_AGAIN, USED_AGAIN.id: Verdict.USED_AGAIN,
}
_STEP = "CS106"


def verdicts(judged: Judged) -> tuple[Verdict, ...]:
    """What is wrong with what a commit did to a stack, each word once; nothing where no finding is an error."""
    found: list[Verdict] = []
    for finding in judged.findings:
        if finding.severity is Severity.ERROR:
            found += _of(finding, judged)
    return tuple(dict.fromkeys(found))


def _of(finding: Finding, judged: Judged) -> list[Verdict]:
    if judged.status is None and judged.stack is not None:
        return [Verdict.UNREADABLE]
    known = _BY_RULE.get(finding.rule)
    if finding.rule == _STEP or known is Verdict.MOVED_ALONE:
        down = _went_down(finding.key, judged)
        step = known or (Verdict.WENT_DOWN if down else Verdict.SKIPPED)
        return [step, Verdict.WENT_DOWN] if down else [step]
    return [known or Verdict.REFUSED]


def _went_down(key: str, judged: Judged) -> bool:
    if judged.before is None or judged.after is None or key not in set(VERSIONED):
        return False
    component = Component(key)
    return version_of(judged.after, component) < version_of(judged.before, component)
