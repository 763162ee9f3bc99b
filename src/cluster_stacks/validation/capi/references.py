"""Which object a reference of a class leads to.

Cluster API looks a template up by the reference's kind and name in the namespace of the class; the API server gives it
in the version that was asked for, whichever it was sent in (core/controllers: external.Get; API conversion).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cluster_stacks.validation.capi.view import ClassView, Reference, classes
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item
from cluster_stacks.validation.rules.context import Context

Key = tuple[str, str, str, str, str]
"""Scope, namespace, group, kind, name."""


class Closure(NamedTuple):
    """All references of all classes with the template that each leads to, and the templates that are there."""

    led: tuple[tuple[ClassView, Reference, Item | None], ...]
    templates: Mapping[Key, Item]
    scopes: Mapping[str, Sequence[Item]]

    def around(self, view: ClassView) -> Sequence[Item]:
        """The templates in the class's scope."""
        return self.scopes.get(view.item.scope, ())


def closure(context: Context) -> Closure:
    """The references of a context, followed once for all rules."""
    return context.memo("capi.closure", lambda: _closure(classes(context), context.items))


def namespace_of(item: Item) -> str:
    """The namespace that an object says; delivery sets it where it says none."""
    return str(item.metadata.get("namespace") or "")


def _closure(views: Iterable[ClassView], items: Iterable[Item]) -> Closure:
    templates: dict[Key, Item] = {}
    for item in items:
        if item.kind.endswith("Template"):
            group = split_api_version(item.api_version)[0]
            templates.setdefault((item.scope, namespace_of(item), group, item.kind, item.name), item)
    led = []
    for view in views:
        where = (view.item.scope, namespace_of(view.item))
        for reference in view.references:
            group = split_api_version(reference.api_version)[0]
            led.append((view, reference, templates.get((*where, group, reference.kind, reference.name))))
    scopes: dict[str, list[Item]] = {}
    for key, item in templates.items():
        scopes.setdefault(key[0], []).append(item)
    return Closure(tuple(led), templates, scopes)
