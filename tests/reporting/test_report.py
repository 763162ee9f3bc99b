"""The order and the words that all reporters share."""

from __future__ import annotations

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.reporting.report import Report, by_severity, place, plural, summary


def some(*severities: Severity) -> list[Finding]:
    return [Finding("CS1", each, "m", str(number)) for number, each in enumerate(severities)]


def test_errors_come_first() -> None:
    found = by_severity(some(Severity.NOTE, Severity.ERROR, Severity.WARNING, Severity.ERROR))
    assert [each.path for each in found] == ["1", "3", "2", "0"]


def test_the_summary_counts() -> None:
    assert summary(Report([], "3 stacks")) == "nothing found in 3 stacks"
    assert summary(Report(some(Severity.ERROR))) == "1 error"
    everything = some(Severity.NOTE, Severity.ERROR, Severity.WARNING, Severity.ERROR)
    assert summary(Report(everything, "1 stack")) == "2 errors, 1 warning and 1 note in 1 stack"


def test_words() -> None:
    assert [plural(0, "error"), plural(1, "error"), plural(2, "error")] == ["0 errors", "1 error", "2 errors"]
    assert [place("f", 0, 0), place("f", 3, 0), place("f", 3, 7), place("", 0, 0)] == ["f", "f:3", "f:3:7", ""]
