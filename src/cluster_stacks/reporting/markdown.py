"""Findings as a table of Markdown, for the summary of a job or a comment."""

from __future__ import annotations

import re

from cluster_stacks.model.finding import Finding
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.report import Report, by_severity, place, plural, summary

# GitHub takes 1 MiB for the summary of a step.
LIMIT = 900_000

_SPECIAL = re.compile(r"[^\w\s./,:;'-]|_")


def markdown(report: Report, limit: int = LIMIT) -> str:
    """A heading and a table, errors first, of at most `limit` bytes; rows that find no room are counted."""
    title = f"### cluster-stacks: {escaped(summary(report))}\n"
    if not report.findings:
        return title
    rows = [title, "\n| | rule | where | what |\n|---|---|---|---|\n"]
    size = sum(map(len, rows))
    for number, finding in enumerate(by_severity(report.findings)):
        row = _row(finding)
        size += len(row.encode())
        if size > limit:
            rows.append(f"\n{plural(len(report.findings) - number, 'more finding')} not shown.\n")
            break
        rows.append(row)
    return "".join(rows)


def _row(finding: Finding) -> str:
    where = place(finding.path, finding.line, finding.column) or finding.stack
    fix = f"<br>fix: <code>{escaped(finding.fix.command or finding.fix.description)}</code>" if finding.fix else ""
    cells = (
        finding.severity.value, finding.rule, f"<code>{escaped(where)}</code>" if where else "",
        escaped(finding.message) + fix,
    )
    return f"| {' | '.join(cells)} |\n"


def escaped(text: str) -> str:
    """Text that Markdown and HTML leave alone."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", printable(text))
