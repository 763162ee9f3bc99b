"""The table that the command line offers."""

from __future__ import annotations

from cluster_stacks.reporting.report import Report
from cluster_stacks.reporting.reporters import REPORTERS


def test_every_reporter_ends_with_a_line_end_and_says_the_same_twice(report: Report) -> None:
    assert list(REPORTERS) == ["text", "json", "github"]
    for reporter in REPORTERS.values():
        assert reporter(report).endswith("\n")
        assert reporter(report) == reporter(report)
        assert reporter(Report([])).endswith("\n")
