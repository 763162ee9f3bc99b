"""A namespace that an object names can be one."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.qualified import dns_label
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS416", "bad-namespace", "a namespace that no namespace can be called",
    "`metadata.namespace` is the name of a Namespace: a-z, 0-9 and -, at most 63 bytes. Of a kind without namespaces "
    "the API server drops it.",
    source="apimachinery: api/validation (ValidateNamespaceName)",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds values of metadata.namespace that are no DNS label."""
    for item in context.items:
        text = item.metadata.get("namespace")
        if isinstance(text, str) and text and (wrong := dns_label(text)):
            message = f"{item.kind} {item.name!r}: metadata.namespace {text[:80]!r} {wrong}"
            yield Problem(item.document, RULE.id, message, (*item.prefix, "metadata", "namespace"), item=item)
