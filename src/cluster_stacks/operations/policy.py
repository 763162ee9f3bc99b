"""What the settings make of findings: severities of their own, rules that are off, waivers.

Pure: today's date comes in, and nothing is read. Every verb that judges ends here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.model.finding import Finding, Fix, RuleInfo, Severity, Waived
from cluster_stacks.model.settings import SETTINGS_PATH, Settings, Waiver
from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import PROVIDERS
from cluster_stacks.operations.rules import EXPIRED, UNKNOWN_RULE, UNKNOWN_STACK, UNUSED, is_settable

if TYPE_CHECKING:
    from datetime import date

OFF = "off"


class Applied(NamedTuple):
    """The findings that count, with the severities that the settings give them, and those that are let pass."""

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()


class Scope(NamedTuple):
    """What a run judged: everything that rules between `first` and `last` can find on `stacks` (None: on every stack).

    With `sparse`, the other stacks could have no finding of these rules: nothing changed in them.
    """

    first: str
    last: str
    stacks: Collection[str] | None = None
    sparse: bool = False


def apply(findings: Iterable[Finding], settings: Settings, today: date) -> Applied:
    """Sorts out findings by the settings; their order stays."""
    if not (settings.rules or settings.waivers):
        return Applied(tuple(findings))
    valid = [waiver for waiver in settings.waivers if today <= waiver.expires]
    kept: list[Finding] = []
    waived: list[Waived] = []
    for finding in findings:
        judged = _with_severity(finding, settings)
        if judged is None:
            continue
        waiver = next((each for each in valid if _covers(each, judged)), None)
        if waiver:
            waived.append(Waived(judged, waiver.reason, waiver.expires.isoformat()))
        else:
            kept.append(judged)
    return Applied(tuple(kept), tuple(waived))


def leftovers(
    settings: Settings, today: date, waived: Iterable[Waived], scopes: Collection[Scope]
) -> list[Finding]:
    """The waivers that have ended, for stacks that were judged, and those that waive nothing of all that was judged."""
    passed = [each.finding for each in waived]
    found = []
    for index, waiver in enumerate(settings.waivers):
        used = any(_covers(waiver, finding) for finding in passed)
        if today > waiver.expires:
            found += [_expired(waiver, index)] if any(_is_judged(waiver, scope) for scope in scopes) else []
        elif not used and any(_is_judged_whole(waiver, scope) for scope in scopes):
            found.append(_unused(waiver, index, settings))
    return found


def settings_findings(
    settings: Settings, rules: Collection[str], stacks: Iterable[str] | None,
    at: Callable[[tuple[str | int, ...]], Position | None],
) -> list[Finding]:
    """What is wrong with the severities and waivers themselves.

    `rules` are the ids that there are; `stacks` those of the repository (None: not known, so not judged); `at` tells
    where a part of the settings stands.
    """
    named: list[tuple[str, tuple[str | int, ...]]] = [(rule, ("rules", rule)) for rule in settings.rules]
    named += [(waiver.rule, ("waivers", index, "rule")) for index, waiver in enumerate(settings.waivers)]
    found = [
        _finding(UNKNOWN_RULE, problem, at(place), ".".join(map(str, place)))
        for rule, place in named
        if (problem := _problem(rule, rules))
    ]
    if stacks is None:
        return found
    known = list(stacks)
    for index, waiver in enumerate(settings.waivers):
        if not any(means(waiver.stack, stack) for stack in known):
            message = f"no stack is named {waiver.stack}{_near('/'.join(_parts(waiver.stack)), known)}"
            found.append(_finding(UNKNOWN_STACK, message, at(("waivers", index, "stack")), f"waivers.{index}.stack"))
    return found


def means(pattern: str, stack: str) -> bool:
    """Whether a pattern (`docker/scs`, `docker/scs/1-36`, a path) means a stack."""
    wanted = _parts(pattern)
    return bool(wanted) and stack.split("/")[: len(wanted)] == wanted


def _parts(pattern: str) -> list[str]:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    return (parts[1:] if parts[:1] == [PROVIDERS] else parts)[:3]


def _with_severity(finding: Finding, settings: Settings) -> Finding | None:
    wanted = settings.rules.get(finding.rule)
    if wanted is None or not is_settable(finding.rule):
        return finding
    return None if wanted == OFF else replace(finding, severity=Severity(wanted))


def _covers(waiver: Waiver, finding: Finding) -> bool:
    return waiver.rule == finding.rule and is_settable(finding.rule) and means(waiver.stack, finding.stack)


def _is_judged(waiver: Waiver, scope: Scope) -> bool:
    """Whether something that a waiver could match was judged."""
    reached = scope.stacks is None or any(means(waiver.stack, stack) for stack in scope.stacks)
    return reached and scope.first <= waiver.rule <= scope.last


def _is_judged_whole(waiver: Waiver, scope: Scope) -> bool:
    """Whether all of it was: every stack, or the one that it names."""
    whole = scope.sparse or scope.stacks is None or "/".join(_parts(waiver.stack)) in scope.stacks
    return whole and _is_judged(waiver, scope)


def _expired(waiver: Waiver, index: int) -> Finding:
    message = f"the waiver of {waiver.rule} on {waiver.stack} ended with {waiver.expires}: {waiver.reason}"
    fix = Fix("mend the finding and remove this waiver")
    return _finding(EXPIRED, message, waiver.position, f"waivers.{index}", fix)


def _unused(waiver: Waiver, index: int, settings: Settings) -> Finding:
    why = "the rule is off" if settings.rules.get(waiver.rule) == OFF else "nothing is found there"
    message = f"{waiver.rule} needs no waiver on {waiver.stack}: {why}"
    return _finding(UNUSED, message, waiver.position, f"waivers.{index}", Fix("remove this waiver"))


def _problem(rule: str, rules: Collection[str]) -> str:
    if rule not in rules:
        return f"there is no rule {rule}{_near(rule, rules, 0.8) or ': `cluster-stacks rules` lists them'}"
    return "" if is_settable(rule) else f"{rule} cannot be waived or set: what it refuses could not be judged otherwise"


def _near(text: str, known: Collection[str], cutoff: float = 0.6) -> str:
    import difflib

    near = difflib.get_close_matches(text, sorted(known), 1, cutoff)
    return f": did you mean {near[0]}?" if near else ""


def _finding(rule: RuleInfo, message: str, at: Position | None, key: str, fix: Fix | None = None) -> Finding:
    return Finding.at(rule.id, rule.severity, message, SETTINGS_PATH, at, key=key, fix=fix)
