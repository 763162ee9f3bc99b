"""The forms in which findings are written, by the name that --report and --format take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from cluster_stacks.reporting.report import Report

Reporter = Callable[[Report], str]

REPORTERS: Mapping[str, str] = {
    "text": "for people: grouped by stack, with the line of the source",
    "json": "for scripts, as schemas/check.schema.json says",
    "github": "annotations of GitHub Actions, and the summary of the job",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit's XML, for the test view of any pipeline",
    "gitlab": "GitLab's Code Quality",
    "markdown": "for a comment on a pull request, shorter than 65,536 characters",
    "html": "one page that needs nothing else",
}
"""One line a reporter: its module here, which has a function of the same name, and what it is for."""


def reporter(name: str) -> Reporter:
    """The function that writes a report in this form; its module is loaded now, and no other."""
    found: Reporter = getattr(import_module(f"cluster_stacks.reporting.{name}"), name)
    return found
