"""The summary of a job."""

from __future__ import annotations

import re

from cluster_stacks.model.finding import Finding
from cluster_stacks.reporting.markdown import markdown
from cluster_stacks.reporting.report import Report


def test_a_table_with_errors_first(report: Report) -> None:
    rows = markdown(report).splitlines()
    assert rows[0] == "### cluster-stacks check: 1 error, 1 warning and 1 note in 3 stacks"
    assert [row.split(" | ")[0] for row in rows[4:]] == ["| error", "| warning", "| note"]
    assert "<br>fix: <code>cluster-stacks bump docker/scs/1-36</code>" in rows[4]


def test_nothing_found_is_a_heading() -> None:
    assert markdown(Report([], "3 stacks")) == "### cluster-stacks check: nothing found in 3 stacks\n"


def test_hostile_texts_are_text(hostile: Finding) -> None:
    row = markdown(Report([hostile])).splitlines()[-1]
    assert row.count("|") == 5
    assert "`" not in row
    assert set(re.findall(r"<[^>]*>", row)) == {"<code>", "</code>", "<br>"}


def test_a_limit_in_bytes_is_kept_and_the_rest_counted(field: Finding) -> None:
    text = markdown(Report([field] * 1000), limit=20_000)
    assert len(text.encode()) < 20_100
    shown = text.count("| warning |")
    assert text.endswith(f"\n{1000 - shown} more findings not shown.\n")
