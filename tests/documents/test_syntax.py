"""Remarks on the form of a file: warnings, never a reason to refuse it."""

from __future__ import annotations

from cluster_stacks.documents.syntax import place, remarks
from cluster_stacks.model.finding import Severity
from cluster_stacks.model.source import Position


def test_nothing_to_remark() -> None:
    assert remarks("a: ä\nb: 1\n".encode(), "f") == []


def test_a_byte_order_mark_and_carriage_returns_are_one_warning_each() -> None:
    found = remarks("\ufeffa: ä\r\nb: 1\r\n".encode(), "f")
    assert [(each.rule, each.severity, each.line, each.column) for each in found] == [
        ("CS200", Severity.WARNING, 1, 1), ("CS200", Severity.WARNING, 1, 5),
    ]
    assert len({each.fingerprint for each in found}) == 2


def test_places_count_from_one() -> None:
    assert place("") == Position(1, 1)
    assert place("a\nbc") == Position(2, 3)
