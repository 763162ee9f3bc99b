"""A CRD is called after what it defines."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.api.parts import Fields, entries, fields, text
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS432", "bad-definition", "a CRD or an APIService that the API server refuses",
    "A CRD's name is `<plural>.<group>`; exactly one of its versions is stored, at least one is served, and each has a "
    "schema. An APIService's name is `<version>.<group>`.",
    source="apiextensions-apiserver: ValidateCustomResourceDefinition; kube-aggregator: ValidateAPIService",
)
_CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")
_SERVICE = ("apiregistration.k8s.io", "APIService")


def check(context: Context) -> Iterator[Problem]:
    """Finds names that do not fit, and versions that are stored twice or not at all."""
    for item, info in context.known():
        kind = (info.group, info.kind)
        if kind not in (_CRD, _SERVICE):
            continue
        spec = fields(item.value, "spec")
        group = text(spec, "group")
        first = text(fields(spec, "names"), "plural") if kind == _CRD else text(spec, "version")
        found: list[tuple[Pointer, str]] = []
        if first and item.name and item.name != f"{first}.{group}":
            message = f"the name of this {info.kind} is {first}.{group}, not {item.name[:80]}"
            found.append((("metadata", "name"), message))
        if kind == _CRD:
            found += _versions(spec)
        for at, message in found:
            yield Problem(item.document, RULE.id, message, (*item.prefix, *at), item=item)


def _versions(spec: Fields) -> Iterator[tuple[Pointer, str]]:
    versions = list(entries(spec, "versions"))
    at = ("spec", "versions")
    stored = [index for index, version in versions if version.get("storage") is True]
    if versions and len(stored) != 1:
        yield at, f"{len(stored)} versions are stored (storage: true): it is exactly one"
    seen: set[str] = set()
    for index, version in versions:
        name = text(version, "name")
        if name in seen:
            yield (*at, index, "name"), f"the version {name[:80]} is here a second time"
        seen.add(name)
        if not fields(version, "schema", "openAPIV3Schema"):
            yield (*at, index), f"the version {name[:80]} has no schema (schema.openAPIV3Schema)"
