"""Defaults of a schema, filled in as the API server does it before it asks any rule.

Two steps, in the API server's order (apiextensions-apiserver: schema/defaulting): a null that nothing makes nullable
and nothing replaces is dropped; then, from the top down, what is missing (or such a null) gets its default, and the
defaults of a default are filled in as well.

Nothing is copied where nothing changes, so that a result may share parts with the value and with the schema: neither
may be changed by who gets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar, cast

from cluster_stacks.validation.plan import Plan, plan_of

T = TypeVar("T")
LEAST, MOST = -(2**63), 2**63 - 1


def defaulted(value: T, schema: Mapping[str, object], seen: Seen | None = None) -> T:
    """The value as the API server goes on with it: nulls dropped, defaults filled in; the same object if none applies.

    `schema` is one that `Store.schema` gives, or that of a variable; a value of any form is taken. `seen` is what
    `look` says of the value, where somebody has looked already.
    """
    plan = plan_of(schema)
    if (seen or look(value)).null:
        value = cast("T", _pruned(value, plan))
    return cast("T", _filled(value, plan)) if plan.fills else value


class Seen(NamedTuple):
    """What stands somewhere in a value: a null, an integer of more than 64 bits."""

    null: bool
    large: bool


def look(value: object) -> Seen:
    """The rare things that ask for a closer look."""
    null = large = False
    waiting: list[Any] = [[value]]
    while waiting:
        found = waiting.pop()
        for part in found.values() if found.__class__ is dict else found:
            kind = part.__class__
            if kind is str:
                continue  # most parts are
            if kind is dict or kind is list:
                waiting.append(part)
            elif part is None:
                null = True
            elif kind is int and not LEAST <= part <= MOST:
                large = True
    return Seen(null, large)


def _pruned(value: object, plan: Plan | None) -> object:
    """The value without the nulls that the API server drops. `value` is from a document: no deeper than those are."""
    if plan is None:
        return value
    if isinstance(value, dict):
        out = {}
        same = True
        for key, item in value.items():
            child = plan.properties.get(key) or plan.more
            if item is None and child is not None and not child.nullable and child.default is None:
                same = False
                continue
            out[key] = new = _pruned(item, child)
            same = same and new is item
        return value if same else out
    if isinstance(value, list):
        items = [_pruned(item, plan.items) for item in value]
        return value if all(map(_is, items, value)) else items
    return value


def _filled(value: object, plan: Plan) -> object:
    if isinstance(value, dict):
        return _filled_mapping(value, plan)
    if isinstance(value, list) and plan.items is not None:
        child = plan.items
        items = [_filled(child.default if item is None and not child.nullable else item, child) for item in value]
        return value if all(map(_is, items, value)) else items
    return value


def _filled_mapping(value: dict[str, object], plan: Plan) -> dict[str, object]:
    out = value
    for key, default, nullable in plan.filled:
        if key not in out or (out[key] is None and not nullable):
            out = {**out, key: default} if out is value else out
            out[key] = default
    for key, child in plan.children:
        if key in out and (new := _filled(out[key], child)) is not out[key]:
            out = dict(out) if out is value else out
            out[key] = new
    more = plan.more
    if more is not None and (more.fills or more.default is not None):
        for key in value.keys() - plan.properties.keys():
            item = more.default if value[key] is None and not more.nullable else value[key]
            new = _filled(item, more)
            if new is not value[key]:
                out = dict(out) if out is value else out
                out[key] = new
    return out


def _is(one: object, other: object) -> bool:
    return one is other
