"""API versions that their project has deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS410", "deprecated-version", "an API version that its project has deprecated",
    "The CRD marks this version as deprecated: the API server still takes it, answers with a warning, and a later "
    "release of the project will not.",
    severity=Severity.WARNING, source="the CRD: spec.versions[].deprecated",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds objects of a deprecated, served version; those that `--capi` refuses are left to that rule."""
    for item, info in context.known():
        refused = context.capi is not None and not info.suits(context.capi)
        if info.deprecated and info.served and not refused:
            since = f" since {info.source.rpartition(' ')[0]} {info.deprecated_since}" if info.deprecated_since else ""
            until = f", and not served from {info.unserved_from} on" if info.unserved_from else ""
            said = f": {info.warning}" if info.warning else ""
            message = f"{info.api_version} of {info.kind} is deprecated{since}{until}{said}"
            pointer = (*item.prefix, "apiVersion")
            yield Problem(item.document, RULE.id, message, pointer, severity=RULE.severity, item=item)
