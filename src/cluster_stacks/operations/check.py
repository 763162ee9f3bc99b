"""The versioning rules on a change, and the rules of state on what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.comparing import Question, compare, reads
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.snapshot import read_path

if TYPE_CHECKING:
    from cluster_stacks.model.finding import Finding
    from cluster_stacks.versioning.detect import Detected

_AT_ONCE = 32
"""Stacks whose files are read together: few enough to hold, enough to ask git seldom."""


class CheckResult(NamedTuple):
    """What was found, sorted by place, and how many stacks changed and were judged.

    `read` gives the proposed bytes of a file by its path.
    """

    findings: tuple[Finding, ...] = ()
    changed: int = 0
    judged: int = 0
    read: Callable[[str], bytes | None] = lambda _: None


def check(repo: Path, question: Question, *, all_stacks: bool = False) -> CheckResult:
    """Judges the change that a question is about; with `all_stacks`, the state of every stack.

    Raises CannotTell where the question has no answer. Where nothing relevant changed, one git call was all it took,
    and nothing that reads YAML is loaded.
    """
    comparison = compare(repo, question)
    if not comparison.changes and not all_stacks:
        return CheckResult()
    try:
        return _check(comparison, question, all_stacks=all_stacks)
    finally:
        comparison.head.git.close()


def _check(comparison: Comparison, question: Question, *, all_stacks: bool) -> CheckResult:
    from cluster_stacks.versioning.detect import detect
    from cluster_stacks.versioning.rules import judge_change

    detected = detect(comparison, reads)
    findings = list(detected.findings)
    for change in detected.changes:
        findings += judge_change(change._replace(bump=change.bump + question.bump))
    if all_stacks:
        from cluster_stacks.repository.stacks import discover

        discovery = discover(comparison.head)
        findings += discovery.findings
        states = list(_every(comparison, discovery.stacks))
    else:
        states = list(_touched(comparison, detected))
    findings += [finding for state in states for finding in state]
    unique = sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key)
    changed = {str(change.stack) for change in detected.changes} | {finding.stack for finding in detected.findings}
    return CheckResult(tuple(unique), len(changed - {""}), len(states), partial(read_path, comparison.head))


def _touched(comparison: Comparison, detected: Detected) -> Iterator[Iterable[Finding]]:
    """The findings on the state of each stack that changed and is still there."""
    from cluster_stacks.documents.syntax import remarks
    from cluster_stacks.repository.effective import assembled, fit_entries
    from cluster_stacks.repository.paths import METADATA, OVERLAY, Family
    from cluster_stacks.versioning.rules import judge_state

    stacks = list(detected.touched)
    for start in range(0, len(stacks), _AT_ONCE):
        ready: dict[StackId, dict[str, Entry]] = {}
        heads: dict[StackId, list[Entry]] = {}
        for stack in stacks[start : start + _AT_ONCE]:
            folders, overlay = detected.after[Family(stack.provider, stack.name)], detected.touched[stack].overlay
            try:
                ready[stack] = fit_entries(stack, folders, overlay)
            except Refused as refused:
                yield refused.findings
            own = folders.get(stack.minor, {})
            heads[stack] = [own[key] for key in (METADATA, OVERLAY) if key in own]
        wanted = [entry for entries in heads.values() for entry in entries]
        wanted += [entry for entries in ready.values() for entry in entries.values()]
        contents = {entry.oid: data for entry, data in comparison.head.read(wanted)}
        for stack, entries in ready.items():
            metadata, overlay = detected.touched[stack].metadata, detected.touched[stack].overlay
            assert metadata is not None, "a stack without metadata is refused before"
            try:
                told = [remark for entry in heads[stack] for remark in remarks(contents[entry.oid], entry.path)]
                yield [*told, *judge_state(assembled(stack, metadata, overlay, entries, contents))]
            except Refused as refused:
                yield refused.findings


def _every(comparison: Comparison, stacks: Iterable[StackId]) -> Iterator[Iterable[Finding]]:
    """The findings on the state of each of these stacks."""
    from cluster_stacks.repository.effective import load_stacks
    from cluster_stacks.versioning.rules import judge_state

    for source in load_stacks(comparison.head, stacks):
        yield source.findings if isinstance(source, Refused) else judge_state(source)
