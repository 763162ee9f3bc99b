"""An object within a custom resource is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.qualified import annotations_problems, dns_label, labels_problems
from cluster_stacks.validation.rules.api.places import marked
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS424", "bad-embedded-object", "an object within an object that the API server refuses",
    "Where a CRD says x-kubernetes-embedded-resource, apiVersion, kind and metadata are judged as those of an object "
    "of its own: names without / and %, labels and annotations by their rules.",
    source="apiextensions-apiserver: schema/objectmeta",
)
_KIND = re.compile(r"[a-z](?:[-a-z0-9]*[a-z0-9])?")


def check(context: Context) -> Iterator[Problem]:
    """Finds what is wrong with the objects that a CRD declares within its own."""
    for item, pointer, value, mark in marked(context):
        if mark.embedded and isinstance(value, Mapping):
            for at, message in _problems(value, pointer):
                yield Problem(item.document, RULE.id, message, at, item=item)


def _problems(value: Mapping[str, object], pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    version, kind, metadata = value.get("apiVersion"), value.get("kind"), value.get("metadata")
    if isinstance(version, str) and version.count("/") > 1:
        yield (*pointer, "apiVersion"), f"the apiVersion {version[:80]!r} is none: it is `version` or `group/version`"
    if isinstance(kind, str) and kind and (len(kind) > 63 or not _KIND.fullmatch(kind.lower())):
        yield (*pointer, "kind"), f"the kind {kind[:80]!r} is none: letters and digits, and a letter first"
    if not isinstance(metadata, Mapping):
        return
    at = (*pointer, "metadata")
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if isinstance(name, str) and (name in (".", "..") or "/" in name or "%" in name):
        yield (*at, "name"), f"the name {name[:80]!r} is none: without / and %, and neither . nor .."
    if isinstance(namespace, str) and namespace and (wrong := dns_label(namespace)):
        yield (*at, "namespace"), f"the namespace {namespace[:80]!r} {wrong}"
    yield from labels_problems(metadata.get("labels"), (*at, "labels"))
    yield from annotations_problems(metadata.get("annotations"), (*at, "annotations"))
