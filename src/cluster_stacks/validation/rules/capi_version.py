"""Objects are of the Cluster API version that was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS409", "capi-version", "an object of another Cluster API version than asked for",
    "With `--capi v1beta2`, Cluster API's own objects must be of that API version, and a provider's objects of an API "
    "version that follows that contract (its CRD's label says which; the API version itself may be named otherwise). A "
    "provider that follows only the older contract may stay there: Cluster API takes both.",
    source="Cluster API: provider contracts",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds objects whose kind follows contracts of Cluster API, and whose version follows another one."""
    if context.capi is None:
        return
    for item, info in context.known():
        if not info.suits(context.capi):
            message = f"{info.api_version} is not of Cluster API {context.capi}: {_instead(info, context.capi)}"
            yield Problem(item.document, RULE.id, message, (*item.prefix, "apiVersion"), item=item)


def _instead(info: KindInfo, capi: str) -> str:
    versions = info.contracts.get(capi, ())
    return f"use {info.group}/{versions[-1]}" if versions else f"no version of {info.kind} that is known follows it"
