"""Findings for the test view of a pipeline: JUnit's XML, in the form that Jenkins, GitLab and others read.

A suite a stack, a test case a finding. An error is a failure; a warning or a note passes and says itself in its output;
what was let pass is skipped. A run that found nothing has one case, because readers take an empty file for a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from cluster_stacks.model.finding import Finding, Severity, Waived
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.report import Report, by_severity, mending, place, summary

_Case = tuple[Finding, Waived | None]


def junit(report: Report) -> str:
    """One document."""
    suites: dict[str, list[_Case]] = {}
    cases: list[_Case] = [(finding, None) for finding in by_severity(report.findings)]
    for finding, waived in [*cases, *((each.finding, each) for each in report.waived)]:
        suites.setdefault(finding.stack or finding.path or "the repository", []).append((finding, waived))
    failures, name = report.counts[Severity.ERROR], _attribute(f"cluster-stacks {report.verb}")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name={name} tests="{max(1, len(cases) + len(report.waived))}" failures="{failures}" errors="0">',
    ]
    for title in sorted(suites):
        lines += _suite(title, suites[title])
    if not suites:
        lines += [
            f'<testsuite name={name} tests="1" failures="0" errors="0" skipped="0">',
            f"<testcase classname={name} name={_attribute(summary(report))}/>", "</testsuite>",
        ]
    return "\n".join([*lines, "</testsuites>", ""])


def _suite(title: str, cases: Sequence[_Case]) -> Iterable[str]:
    failures = sum(finding.severity is Severity.ERROR and waived is None for finding, waived in cases)
    skipped = sum(waived is not None for _, waived in cases)
    yield (
        f'<testsuite name={_attribute(title)} tests="{len(cases)}" failures="{failures}" errors="0"'
        f' skipped="{skipped}">'
    )
    for finding, waived in cases:
        # The name holds no line, so that a reader who compares two runs knows the finding again.
        yield (
            f"<testcase classname={_attribute(finding.stack or finding.path or title)}"
            f" name={_attribute(f'{finding.rule}: {finding.message}')}>{_outcome(finding, waived)}</testcase>"
        )
    yield "</testsuite>"


def _outcome(finding: Finding, waived: Waived | None) -> str:
    if waived is not None:
        return f"<skipped message={_attribute(f'waived until {waived.expires}: {waived.reason}')}/>"
    if finding.severity is Severity.ERROR:
        what = f"type={_attribute(finding.rule)} message={_attribute(finding.message)}"
        return f"<failure {what}>{_body(finding)}</failure>"
    return f"<system-out>{_body(finding)}</system-out>"


def _body(finding: Finding) -> str:
    lines = [f"{finding.severity} {finding.rule}: {finding.message}"]
    lines += [f"at: {place(finding.path, finding.line, finding.column)}"] if finding.path else []
    for each in finding.related:
        lines.append(f"see: {place(each.path, each.line, each.column)} {each.message}".rstrip())
    lines += [f"fix: {mending(finding.fix)}"] if finding.fix else []
    return "\n".join(map(_words, lines))


def _words(text: str) -> str:
    """Text of XML: characters that XML cannot hold are escaped as everywhere, and nothing in it is markup."""
    return escape(printable(text))


def _attribute(text: str) -> str:
    return f'"{_words(text)}"'
