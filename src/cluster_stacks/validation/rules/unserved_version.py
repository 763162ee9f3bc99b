"""API versions that no API server takes any more."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS412", "unserved-version", "an API version that is no longer served",
    "The CRD still holds the schema of this version, so that stored objects can be read, and serves it no longer: the "
    "API server knows no such kind.",
    source="the CRD: spec.versions[].served",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds objects of a version that its CRD does not serve."""
    for item, info in context.known():
        if not info.served:
            message = f"{info.api_version} of {info.kind} is not served any more: use a newer version of the API"
            yield Problem(item.document, RULE.id, message, (*item.prefix, "apiVersion"), item=item)
