"""Texts of a format are what the API server's parser of that format takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.formats import wrong
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.api.places import marked
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.schema_words import FORMAT_PATTERNS

RULE = RuleInfo(
    "CS421", "bad-format", "a text that is not of the format that its field has",
    "A CRD gives a text a format: date-time, duration, cidr, uri … The API server parses it. 10.0.0.300/16 looks like "
    "an address range, and is none.",
    source="apiextensions-apiserver: formats; kube-openapi: strfmt",
)
_LOOSE = {form.replace("-", ""): re.compile(pattern) for form, pattern in FORMAT_PATTERNS.items()}
_LOOSE["base64"] = _LOOSE["byte"]


def check(context: Context) -> Iterator[Problem]:
    """Finds texts that the schema's pattern lets pass and the parser does not."""
    for item, pointer, value, mark in marked(context):
        if mark.form and isinstance(value, str) and (message := wrong(mark.form, value)):
            loose = _LOOSE.get(mark.form)
            if loose is None or loose.search(value):  # or an engine says it
                yield Problem(item.document, RULE.id, f"{value[:80]!r} {message}", pointer, item=item)
