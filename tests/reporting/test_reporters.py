"""The table of reporters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cluster_stacks.reporting.report import Report
from cluster_stacks.reporting.reporters import REPORTERS, reporter


@pytest.mark.parametrize("name", REPORTERS)
def test_every_reporter_ends_with_a_line_end_and_says_the_same_twice(name: str, report: Report) -> None:
    assert reporter(name)(report).endswith("\n")
    assert reporter(name)(report) == reporter(name)(report)
    assert reporter(name)(Report([])).endswith("\n")


@pytest.mark.parametrize("name", REPORTERS)
def test_no_other_reporter_is_loaded(name: str) -> None:
    script = f"import sys; from cluster_stacks.reporting.reporters import *; reporter({name!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {each for each in REPORTERS if f"cluster_stacks.reporting.{each}" in loaded} == {name}


def test_the_page_on_reports_names_them_all(root: Path) -> None:
    page = (root / "docs" / "reports.md").read_text(encoding="utf-8")
    assert [name for name in REPORTERS if f"\n| `{name}` |" not in page] == []
