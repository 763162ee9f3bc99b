"""Writes findings in the format that was asked for; every verb that judges ends here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from cluster_stacks.cli._options import Context, exit_code, github_summary
from cluster_stacks.model.finding import Finding, Waived

if TYPE_CHECKING:
    from cluster_stacks.operations.comparing import Since


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
    """Writes the report to stdout and gives the exit code, which does not depend on the format.

    `checked` says what was looked at ("3 stacks"), `facts` go into the summary of JSON, `read` gives the bytes of a
    file by its path in the repository, for snippets; `since` is what was compared with, `waived` what the
    settings let pass.
    """
    from cluster_stacks.reporting.report import Report
    from cluster_stacks.reporting.reporters import REPORTERS

    width = shutil.get_terminal_size((100, 24)).columns
    base = since.data if since and context.format == "json" else None
    report = Report(findings, checked, facts or {}, read, context.color, width, base, waived)
    context.echo(REPORTERS[context.format](report))
    if context.format == "github":
        from cluster_stacks.reporting.markdown import markdown

        github_summary(markdown(report))
    return exit_code(findings)
