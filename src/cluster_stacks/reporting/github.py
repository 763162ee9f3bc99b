"""Findings for GitHub Actions: annotations on the lines of a pull request, and a summary of the job.

GitHub shows at most ten annotations of a kind a step and fifty a job, so errors come first and the rest is counted; the
summary (`markdown`), which the command line appends to the file that $GITHUB_STEP_SUMMARY names, holds them all.
"""

from __future__ import annotations

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.report import Report, by_severity, mending, plural, summary

LIMIT = 10

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(report: Report) -> str:
    """Workflow commands, one a line, each followed by nothing that GitHub could take for another."""
    lines: list[str] = []
    for severity, count in report.counts.items():
        found = [finding for finding in by_severity(report.findings) if finding.severity is severity]
        lines += [_annotation(finding) for finding in found[:LIMIT]]
        if count > LIMIT:
            lines.append(f"{plural(count - LIMIT, f'more {severity}')}: see the summary of the job")
    return "\n".join([*lines, printable(summary(report))]) + "\n"


def _annotation(finding: Finding) -> str:
    properties = {
        "file": printable(finding.path),
        "line": str(finding.line or ""),
        "endLine": str(finding.end_line or ""),
        "col": str(finding.column or ""),
        "endColumn": str(finding.end_column or "") if finding.column and finding.end_line == finding.line else "",
        "title": printable(f"{finding.rule} {finding.stack}").strip(),
    }
    joined = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    fix = f" (fix: {mending(finding.fix)})" if finding.fix else ""
    return f"::{_COMMAND[finding.severity]} {joined}::{_data(printable(finding.message + fix))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
