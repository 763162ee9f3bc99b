"""One object stands once in what is applied together."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS408", "duplicate-object", "the same object twice",
    "Two documents with the same group, kind, namespace and name are one object to the API server: the second "
    "overwrites the first, and kustomize refuses both. The version of the API does not tell them apart.",
    source="Kubernetes: object identity; kustomize",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds the second and later ones of equal identity in one scope (a stack, a folder)."""
    seen: dict[tuple[str, ...], Item] = {}
    for item in context.items:
        name = item.metadata.get("name")
        if not name:
            continue
        namespace = str(item.metadata.get("namespace") or "")
        key = (item.scope, split_api_version(item.api_version)[0], item.kind, namespace, str(name))
        first = seen.setdefault(key, item)
        if first is not item:
            message = f"{item.kind} {item.name!r} is here a second time: remove or rename one of them"
            pointer = (*item.prefix, "metadata", "name")
            yield Problem(item.document, RULE.id, message, pointer, item=item, other=first.document)
