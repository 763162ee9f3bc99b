"""Entries of a list of a custom resource are told apart by their keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.plan import Mark
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.api.places import marked
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS420", "duplicate-entry", "two entries of a list with the same key",
    "A CRD names the fields that tell the entries of a list apart (x-kubernetes-list-map-keys), and the API server "
    "refuses two entries that agree in all of them, after it has filled in defaults. Rename one or merge the two.",
    source="apiextensions-apiserver: schema/listtype; the CRD",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds the second and later entries of equal keys."""
    for item, pointer, value, mark in marked(context):
        if mark.keys and isinstance(value, list) and len(value) > 1:
            yield from _repeated(item, pointer, value, mark)


def _repeated(item: Item, pointer: Pointer, value: list[object], mark: Mark) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    told: set[str] = set()
    for index, entry in enumerate(value):
        fields = entry if isinstance(entry, Mapping) else {}
        keys = {key: fields[key] for key in mark.keys if key in fields}
        text = json.dumps(keys, sort_keys=True)
        first = seen.setdefault(text, index)
        if first == index or text in told:
            continue
        told.add(text)
        what = ", ".join(f"{key} {fields[key]!r:.80}" for key in keys) or f"no {' and no '.join(mark.keys)}"
        message = f"two entries of {pointer[-1]} have {what} (the first is number {first}): rename or remove one"
        at = (*pointer, index, mark.keys[0]) if mark.keys[0] in keys else (*pointer, index)
        yield Problem(item.document, RULE.id, message, at, item=item)
