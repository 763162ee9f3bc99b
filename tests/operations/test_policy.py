"""Severities and waivers, on findings made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.settings import Settings, Waiver
from cluster_stacks.model.source import Position
from cluster_stacks.operations.policy import Scope, apply, leftovers, means, settings_findings
from cluster_stacks.operations.rules import RULES, is_settable

TODAY = date(2026, 5, 31)
STACK = "docker/scs/1-36"


def finding(rule: str = "CS152", stack: str = STACK, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(rule, severity, "wrong", f"providers/{stack}/metadata.yaml", 3, 1, stack=stack)


def waiver(rule: str = "CS152", stack: str = STACK, expires: date = TODAY) -> Waiver:
    return Waiver(rule, stack, "until the next release", expires, Position(5, 3))


def test_severities_are_those_of_the_settings() -> None:
    settings = Settings(rules={"CS152": "note", "CS150": "error", "CS151": "off"})
    found = [finding("CS152"), finding("CS150", severity=Severity.WARNING), finding("CS151"), finding("CS101")]
    assert [(each.rule, each.severity.value) for each in apply(found, settings, TODAY).findings] == [
        ("CS152", "note"), ("CS150", "error"), ("CS101", "error"),
    ]


def test_what_keeps_others_from_being_judged_stays() -> None:
    settings = Settings(rules={"CS221": "off", "CS301": "note"}, waivers=(waiver("CS221"), waiver("CS565")))
    found = (finding("CS221"), finding("CS301"), finding("CS565"))
    assert apply(found, settings, TODAY) == (found, ())


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (STACK, True), ("docker/scs", True), ("docker", True), (f"providers/{STACK}/", True), ("docker/scs/1-3", False),
        ("docker/sc", False), ("", False), ("openstack/scs/1-36", False), (f"{STACK}/cluster-class", True),
    ],
)
def test_patterns_are_those_of_the_command_line(pattern: str, matches: bool) -> None:
    assert means(pattern, STACK) is matches


def test_a_waiver_holds_to_the_end_of_its_day() -> None:
    settings = Settings(waivers=(waiver(),))
    passed = apply([finding()], settings, TODAY)
    assert passed.findings == ()
    assert [(each.finding.rule, each.reason, each.expires) for each in passed.waived] == [
        ("CS152", "until the next release", "2026-05-31")
    ]
    assert apply([finding()], settings, TODAY + timedelta(1)) == ((finding(),), ())


def test_an_ended_waiver_is_told_where_its_stack_is_judged() -> None:
    settings = Settings(waivers=(waiver(expires=TODAY - timedelta(1)),))
    (told,) = leftovers(settings, TODAY, (), [Scope("CS150", "CS199", {STACK})])
    assert (told.rule, told.severity, told.path, told.line) == ("CS240", "error", ".cluster-stacks.yaml", 5)
    assert leftovers(settings, TODAY, (), [Scope("CS150", "CS199", {"docker/scs/1-37"})]) == []
    assert leftovers(settings, TODAY, (), [Scope("CS100", "CS149", {STACK}, sparse=True)]) == []


@pytest.mark.parametrize(
    ("pattern", "scope", "told"),
    [
        (STACK, Scope("CS150", "CS199", {STACK}), True),
        (STACK, Scope("CS150", "CS199", {"docker/scs/1-37"}), False),
        ("docker/scs", Scope("CS150", "CS199", {STACK}), False),
        ("docker/scs", Scope("CS150", "CS199"), True),
        ("docker/scs", Scope("CS150", "CS199", {STACK}, sparse=True), True),
        (STACK, Scope("CS400", "CS412"), False),
    ],
)
def test_an_unused_waiver_is_told_where_all_was_judged(pattern: str, scope: Scope, told: bool) -> None:
    settings = Settings(waivers=(waiver(stack=pattern),))
    assert [each.rule for each in leftovers(settings, TODAY, (), [scope])] == ["CS241"] * told
    used = apply([finding()], settings, TODAY).waived
    assert leftovers(settings, TODAY, used, [scope]) == []


def test_rules_and_stacks_that_do_not_exist() -> None:
    settings = Settings(
        rules={"CS152": "off", "CS151": "off", "CS221": "note"}, waivers=(waiver("CS152"), waiver("CS151", "docker/sc"))
    )

    def at(place: tuple[str | int, ...]) -> Position | None:
        return Position(2, 3) if place == ("rules", "CS151") else None

    told = settings_findings(settings, ["CS152", "CS221"], [STACK], at)
    assert [(each.rule, each.line, each.message) for each in told] == [
        ("CS242", 2, "there is no rule CS151: did you mean CS152?"),
        ("CS242", 0, "CS221 cannot be waived or set: what it refuses could not be judged otherwise"),
        ("CS242", 0, "there is no rule CS151: did you mean CS152?"),
        ("CS243", 0, "no stack is named docker/sc: did you mean docker/scs/1-36?"),
    ]
    assert "CS243" not in [each.rule for each in settings_findings(settings, ["CS152"], None, at)]


def test_a_far_rule_is_not_what_was_meant() -> None:
    told = settings_findings(Settings(rules={"CS999": "off"}), ["CS152", "CS591"], [STACK], lambda _: None)
    assert [each.message for each in told] == ["there is no rule CS999: `cluster-stacks rules` lists them"]


def test_no_rule_about_waivers_can_be_waived() -> None:
    assert not any(is_settable(rule.id) for rule in RULES)


RULE_IDS = st.sampled_from(["CS101", "CS111", "CS152", "CS221", "CS405", "CS999"])
STACKS = st.sampled_from([STACK, "docker/scs/1-37", "openstack/scs/1-36", ""])
DAYS = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days))


@given(
    st.lists(st.builds(finding, RULE_IDS, STACKS)),
    st.lists(st.builds(waiver, RULE_IDS, st.sampled_from([STACK, "docker/scs", "docker", "nobody"]), DAYS)),
    st.dictionaries(RULE_IDS, st.sampled_from(["error", "warning", "note", "off"])),
)
def test_nothing_is_lost(found: list[Finding], waivers: list[Waiver], rules: dict[str, str]) -> None:
    settings = Settings(rules=rules, waivers=tuple(waivers))
    applied = apply(found, settings, TODAY)
    off = [each for each in found if is_settable(each.rule) and rules.get(each.rule) == "off"]
    assert len(applied.findings) + len(applied.waived) + len(off) == len(found)
    for each in applied.waived:
        assert any(w.rule == each.finding.rule and w.expires >= TODAY for w in waivers)
    assert apply(applied.findings, settings, TODAY).findings == applied.findings
