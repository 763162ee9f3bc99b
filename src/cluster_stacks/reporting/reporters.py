"""The forms in which findings are written, by the name that --format takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cluster_stacks.reporting.github import github
from cluster_stacks.reporting.json import json
from cluster_stacks.reporting.report import Report
from cluster_stacks.reporting.text import text

REPORTERS: Mapping[str, Callable[[Report], str]] = {"text": text, "json": json, "github": github}
"""The first is the default; the command line offers these and no others."""
