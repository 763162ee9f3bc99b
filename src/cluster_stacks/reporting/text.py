"""Findings for people: grouped by stack, each with its place, the line that it is about, and what mends it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.report import Report, by_severity, place, summary
from cluster_stacks.reporting.snippet import snippet

# What GitHub takes for a command, at the beginning of a line in the log of a job. No message must be one.
_COMMAND = re.compile("^([ \t]*)::", re.MULTILINE)

_COLORS: dict[str, str] = {
    Severity.ERROR: "1;31",
    Severity.WARNING: "1;33",
    Severity.NOTE: "1;36",
    "title": "1",
    "place": "36",
    "fix": "32",
    "source": "2",
}


def text(report: Report) -> str:
    """The whole report. Ends with the summary line."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(report.findings, key=lambda each: (each.stack, each.path)):
        groups.setdefault(finding.stack or finding.path, []).append(finding)
    lines: list[str] = []
    for title, findings in groups.items():
        lines.append(_colored(report, "title", printable(title) or "the repository"))
        for finding in by_severity(findings):
            lines += [*_finding(report, finding), ""]
    return _COMMAND.sub(r"\1: :", "\n".join([*lines, _last(report)]) + "\n")


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    label = f"{finding.severity} {finding.rule}"
    words = textwrap.wrap(
        printable(finding.message), report.width, initial_indent=f"  {label}  ", subsequent_indent="    ",
        break_long_words=False, break_on_hyphens=False,
    )
    yield "\n".join(words).replace(label, _colored(report, finding.severity, label), 1)
    where = " ".join(filter(None, [place(finding.path, finding.line, finding.column), _object(finding)]))
    if where:
        yield f"    at: {_colored(report, 'place', printable(where))}"
    for line in snippet(finding, report.read, report.width - 6):
        yield "      " + _colored(report, "source", line)
    for each in finding.related:
        about = f": {each.message}" if each.message else ""
        yield f"    see: {printable(place(each.path, each.line, each.column) + about)}"
    if finding.fix:
        command = f" (`{finding.fix.command}`)" if finding.fix.command else ""
        yield "    " + _colored(report, "fix", printable(f"fix: {finding.fix.description}{command}"))


def _object(finding: Finding) -> str:
    if finding.object is None:
        return ""
    name = f"{finding.object.kind}/{finding.object.name}".strip("/")
    return f"({' '.join(filter(None, [name, finding.object.pointer]))})"


def _last(report: Report) -> str:
    worst = next((severity for severity, count in report.counts.items() if count), None)
    return _colored(report, worst or "fix", printable(summary(report)))


def _colored(report: Report, what: str, shown: str) -> str:
    return f"\x1b[{_COLORS[what]}m{shown}\x1b[0m" if report.color else shown
