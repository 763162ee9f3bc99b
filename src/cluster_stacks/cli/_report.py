"""Writes findings in the format that was asked for; every verb that judges ends here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._options import Context, exit_code
from cluster_stacks.model.finding import Finding, RuleInfo, Waived

if TYPE_CHECKING:
    from cluster_stacks.operations.comparing import Since
    from cluster_stacks.reporting.report import Report


def show(
    context: Context,
    findings: Sequence[Finding],
    *,
    checked: str = "",
    facts: Mapping[str, object] | None = None,
    read: Callable[[str], bytes | None] | None = None,
    since: Since | None = None,
    waived: Sequence[Waived] = (),
) -> int:
    """Writes the report to stdout, and those of --report, and gives the exit code, which depends on no format.

    `checked` says what was looked at ("3 stacks"), `facts` go into the summary of JSON, `read` gives the bytes of a
    file by its path in the repository, for snippets; `since` is what was compared with, `waived` what the
    settings let pass.
    """
    from cluster_stacks.reporting.reporters import reporter

    report = _report(context, findings, checked=checked, facts=facts, read=read, since=since, waived=waived)
    context.echo(reporter(context.format)(report))
    if context.format == "github":
        _summarize(report)
    if context.reports:
        context.reports.write(_for_files(report))
    return exit_code(findings)


def write(
    context: Context, findings: Sequence[Finding], *, checked: str = "",
    read: Callable[[str], bytes | None] | None = None, waived: Sequence[Waived] = (),
) -> None:
    """Writes the files of --report alone, where stdout has a result of its own or is left to others."""
    if context.reports:
        context.reports.write(_for_files(_report(context, findings, checked=checked, read=read, waived=waived)))


def show_refused(context: Context, findings: Sequence[Finding]) -> None:
    """Reports what ended a verb before it had a result. People read it on stderr, where all verbs tell it."""
    if context.format == "text":
        write(context, findings)
    else:
        show(context, findings)


def _report(
    context: Context, findings: Sequence[Finding], *, checked: str, facts: Mapping[str, object] | None = None,
    read: Callable[[str], bytes | None] | None, since: Since | None = None, waived: Sequence[Waived],
) -> Report:
    from cluster_stacks.reporting.report import Report

    names = {context.format, *(context.reports.names if context.reports else ())}
    base = since.data if since and names & {"json", "html"} else None
    width = shutil.get_terminal_size((100, 24)).columns
    verb = click.get_current_context().info_name or ""
    return Report(findings, checked, facts or {}, read, context.color, width, base, waived, verb, _rules)


def _for_files(report: Report) -> Report:
    """The same without what is only right for a terminal."""
    import dataclasses

    return dataclasses.replace(report, color=False, width=100)


def _rules() -> Mapping[str, RuleInfo]:
    from cluster_stacks.operations.catalogue import rules_by_id

    return rules_by_id()


def _summarize(report: Report) -> None:
    """Appends to the job's summary where GitHub Actions names one, as far as it has room."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from cluster_stacks.reporting.markdown import SUMMARY, markdown

    with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as summary:
        summary.write(markdown(report, max(0, SUMMARY - summary.tell())))
