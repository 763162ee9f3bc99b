"""Findings for merge requests of GitLab: its Code Quality, a list of what Code Climate calls issues.

GitLab tells new from old by the fingerprint, and reads of two with the same only one. What was let pass is left out.
"""

from __future__ import annotations

from typing import Any

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.report import ANYWHERE, Report, by_severity, fingerprints, mending

# GitLab knows info, minor, major, critical and blocker.
_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def gitlab(report: Report) -> str:
    """One JSON document, for `artifacts: reports: codequality:`."""
    from cluster_stacks.documents.json import dumps

    found = by_severity(report.findings)
    return dumps([_issue(finding, print_) for finding, print_ in zip(found, fingerprints(found), strict=True)])


def _issue(finding: Finding, print_: str) -> dict[str, Any]:
    fix = f" (fix: {mending(finding.fix)})" if finding.fix else ""
    lines = {"begin": max(1, finding.line)}
    if finding.end_line > finding.line > 0:
        lines["end"] = finding.end_line
    return {
        "description": printable(finding.message + fix),
        "check_name": finding.rule,
        "fingerprint": print_,
        "severity": _SEVERITY[finding.severity],
        "location": {"path": printable(finding.path or ANYWHERE), "lines": lines},
    }
