"""The versioning rules on a change, and the rules of state on what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import SETTINGS_PATH, StackId
from cluster_stacks.operations.comparing import Question, Since, compare, reads
from cluster_stacks.repository.comparison import Comparison, NoBase, compare_nothing
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import read_path

if TYPE_CHECKING:
    import datetime

    from cluster_stacks.model.finding import Finding, Waived
    from cluster_stacks.model.settings import Settings
    from cluster_stacks.operations.merging import DueBumps
    from cluster_stacks.operations.policy import Scope
    from cluster_stacks.versioning.detect import Detected

_AT_ONCE = 32
"""Stacks whose files are read together: few enough to hold, enough to ask git seldom."""


class CheckResult(NamedTuple):
    """What was found, sorted by place, and how many stacks changed and were judged.

    `read` gives the proposed bytes of a file by its path; `waived` are findings that the settings let pass;
    `since` is what was compared with.
    """

    findings: tuple[Finding, ...] = ()
    changed: int = 0
    judged: int = 0
    read: Callable[[str], bytes | None] = lambda _: None
    waived: tuple[Waived, ...] = ()
    since: Since | None = None


def check(
    repo: Path, question: Question, *, all_stacks: bool = False, today: datetime.date | None = None
) -> CheckResult:
    """Judges the change that a question is about; with `all_stacks`, the state of every stack.

    `today` is the day on which waivers must still hold. Raises CannotTell where the question has no answer. Where
    nothing relevant changed, one git call was all it took, and nothing that reads YAML is loaded.
    """
    try:
        comparison = compare(repo, question)
    except NoBase:
        if not all_stacks:
            raise
        comparison = compare_nothing(Git.discover(repo), question.head)
    return judge(comparison, all_stacks=all_stacks, today=today)


def judge(
    comparison: Comparison, *, all_stacks: bool = False, today: datetime.date | None = None
) -> CheckResult:
    """As `check`, of a comparison that was made already."""
    if not comparison.changes and not all_stacks:
        return CheckResult(since=Since.of(comparison))
    try:
        return _check(comparison, all_stacks=all_stacks, today=today)._replace(since=Since.of(comparison))
    finally:
        comparison.head.git.close()


def _check(comparison: Comparison, *, all_stacks: bool, today: datetime.date | None) -> CheckResult:
    from cluster_stacks.versioning.detect import detect

    detected = detect(comparison, reads)
    whole = all_stacks or any(change.path == SETTINGS_PATH for change in comparison.changes)
    if not (detected.changes or detected.findings or detected.touched or whole):
        return CheckResult()
    settings, wrong = _settings(comparison, whole=whole)
    findings = [*detected.findings, *wrong, *_of_changes(comparison, detected, settings)]
    if all_stacks:
        from cluster_stacks.repository.stacks import discover

        discovery = discover(comparison.head)
        findings += discovery.findings
        states = list(_every(comparison, discovery.stacks))
    else:
        states = list(_touched(comparison, detected))
    findings += [finding for state in states for finding in state]
    unique: Sequence[Finding] = list(dict.fromkeys(findings))
    waived: tuple[Waived, ...] = ()
    if settings:
        from cluster_stacks.operations.settling import settle

        unique, waived = settle(unique, settings, _scopes(detected, findings, all_stacks=all_stacks), today)
    changed = {str(change.stack) for change in detected.changes} | {finding.stack for finding in detected.findings}
    return CheckResult(
        tuple(sorted(unique, key=lambda finding: finding.sort_key)), len(changed - {""}), len(states),
        partial(read_path, comparison.head), waived,
    )


def _settings(comparison: Comparison, *, whole: bool) -> tuple[Settings | None, Sequence[Finding]]:
    """The settings, where they say something to this verb, and what is wrong with them; `whole`: all of them, judged.

    Most say nothing, and then nothing is loaded for them.
    """
    from cluster_stacks.repository.settings_file import may_set_policy, read_settings

    try:
        if not whole and not may_set_policy(read_settings(comparison.head)):
            return None, ()
    except Refused as refused:
        return None, refused.findings
    from cluster_stacks.operations.settling import problems, read

    settings, wrong = read(comparison.head, whole=whole)
    return settings, [*wrong, *(problems(comparison.head, settings) if whole else ())]


def _of_changes(comparison: Comparison, detected: Detected, settings: Settings | None) -> Iterator[Finding]:
    """What the rules of change find."""
    from cluster_stacks.versioning.rules import judge_change

    due: DueBumps | None = None
    if settings is not None and settings.bump == "merge":
        from cluster_stacks.operations.merging import DueBumps

        due = DueBumps(comparison)
    for change in detected.changes:
        if due and due.are_made_by(change):
            continue
        yield from judge_change(change._replace(bump=change.bump + comparison.bump), merge=due is not None)


def _scopes(detected: Detected, findings: Iterable[Finding], *, all_stacks: bool) -> list[Scope]:
    """What was judged: the changed stacks by the rules of change, and by those of state all that could be read."""
    from cluster_stacks.operations.policy import Scope

    changed = {str(change.stack) for change in detected.changes}
    unread = {finding.stack for finding in findings if "CS201" <= finding.rule <= "CS239"}
    judged = None if all_stacks and not unread else {str(stack) for stack in detected.touched} - unread
    return [Scope("CS100", "CS149", changed, sparse=True), Scope("CS150", "CS179", judged)]


def _touched(comparison: Comparison, detected: Detected) -> Iterator[Iterable[Finding]]:
    """The findings on the state of each stack that changed and is still there."""
    from cluster_stacks.documents.syntax import remarks
    from cluster_stacks.model.stack import SHARED
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
            versions = detected.touched[stack]
            try:
                told = [remark for entry in heads[stack] for remark in remarks(contents[entry.oid], entry.path)]
                state = assembled(
                    stack, versions.metadata, versions.overlay, entries, contents, versions.told,
                    shared=SHARED in detected.after[Family(stack.provider, stack.name)],
                )
                yield [*told, *judge_state(state)]
            except Refused as refused:
                yield refused.findings


def _every(comparison: Comparison, stacks: Iterable[StackId]) -> Iterator[Iterable[Finding]]:
    """The findings on the state of each of these stacks."""
    from cluster_stacks.repository.effective import load_states
    from cluster_stacks.versioning.rules import judge_state

    for state in load_states(comparison.head, stacks):
        yield state.findings if isinstance(state, Refused) else judge_state(state)
