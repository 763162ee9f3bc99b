"""Finalizers, owners and what else of `metadata` the API server judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.formats import wrong as wrong_format
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.qualified import label_key
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS419", "bad-metadata", "finalizers, owners or times that the API server refuses",
    "A finalizer is a qualified name, of Kubernetes' own kinds with a prefix (`example.org/name`). An owner has "
    "apiVersion, kind, name and uid, and one of them at most is the controller. Times are RFC 3339's. Objects in Git "
    "rarely need any of these: owners have a uid, which only a cluster gives.",
    source="apimachinery: api/validation (ValidateObjectMeta); Kubernetes: core validation (ValidateObjectMeta)",
)
_STANDARD = frozenset({"orphan", "foregroundDeletion", "kubernetes"})
_OWNER = ("apiVersion", "kind", "name", "uid")
_LOOSE = frozenset({"admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"})
"""Groups whose kinds are judged by apimachinery alone, without the core's stricter rule for finalizers."""
_UNUSUAL = ("finalizers", "ownerReferences", "creationTimestamp", "deletionTimestamp", "generation")


def check(context: Context) -> Iterator[Problem]:
    """Finds what is wrong with the rarer fields of metadata."""
    for item, info in zip(context.items, context.kinds, strict=True):
        metadata = item.metadata
        if any(metadata.get(key) is not None for key in _UNUSUAL):
            own = info is not None and bool(info.minor) and info.group not in _LOOSE
            for at, message in (*_finalizers(metadata, own), *_owners(metadata), *_numbers(metadata)):
                pointer = (*item.prefix, "metadata", *at)
                yield Problem(item.document, RULE.id, f"{_named(item)}: {message}", pointer, item=item)


def _finalizers(metadata: Mapping[str, object], own: bool) -> Iterator[tuple[tuple[str | int, ...], str]]:
    names = metadata.get("finalizers")
    names = names if isinstance(names, list) else []
    for index, name in enumerate(names):
        if not isinstance(name, str):
            continue
        wrong = label_key(name)
        if not wrong and own and "/" not in name and name not in _STANDARD:
            wrong = "has no prefix: write it as example.org/name"
        if wrong:
            yield ("finalizers", index), f"the finalizer {name[:80]!r} {wrong}"
    if "orphan" in names and "foregroundDeletion" in names:
        yield ("finalizers",), "the finalizers orphan and foregroundDeletion exclude one another"


def _owners(metadata: Mapping[str, object]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    owners = metadata.get("ownerReferences")
    controllers = 0
    for index, owner in enumerate(owners if isinstance(owners, list) else []):
        if not isinstance(owner, Mapping):
            continue
        for key in _OWNER:
            if owner.get(key) == "":
                yield ("ownerReferences", index, key), f"an owner's {key} is empty"
        controllers += owner.get("controller") is True
        if controllers == 2:
            yield ("ownerReferences", index, "controller"), "two owners are the controller: only one can be"
            controllers = -len(owners)  # type: ignore[arg-type]  # said once


def _numbers(metadata: Mapping[str, object]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key in ("creationTimestamp", "deletionTimestamp"):
        text = metadata.get(key)
        if isinstance(text, str) and wrong_format("datetime", text):
            yield (key,), f"metadata.{key} {text[:80]!r} is no time as 2006-01-02T15:04:05Z: leave it out"
    generation = metadata.get("generation")
    if isinstance(generation, int) and generation < 0:
        yield ("generation",), "metadata.generation is negative: leave it out"


def _named(item: Item) -> str:
    return f"{item.kind} {item.name[:80]!r}"
