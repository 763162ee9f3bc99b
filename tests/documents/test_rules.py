"""The table of this package's rules."""

from __future__ import annotations

from cluster_stacks.documents.rules import REMARK, RULES, finding, refused
from cluster_stacks.model.finding import Severity
from cluster_stacks.model.source import Position


def test_ids_are_unique_and_in_order() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert {each[:4] for each in ids} == {"CS20"}


def test_a_finding_has_the_severity_of_its_rule_and_its_position() -> None:
    assert finding(REMARK, "m", "f").severity is Severity.WARNING
    (found,) = refused("CS202", "m", "f", Position(1, 2, 3, 4)).findings
    assert (found.line, found.column, found.end_line, found.end_column) == (1, 2, 3, 4)
