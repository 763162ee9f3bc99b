"""The places of all objects that their schemas say more of than an engine reads, found once for all rules."""

from __future__ import annotations

from collections.abc import Iterable

from cluster_stacks.validation.defaults import LEAST, MOST, defaulted, look
from cluster_stacks.validation.plan import Mark, integers, marks
from cluster_stacks.validation.problem import Item, Pointer
from cluster_stacks.validation.rules.context import Context

Place = tuple[Item, Pointer, object, Mark]


def marked(context: Context) -> Iterable[Place]:
    """The places, with the pointer into the document. The values have their defaults."""
    return _all(context)[0]


def too_large(context: Context) -> Iterable[tuple[Item, Pointer, int]]:
    """The integers that do not fit into 64 bits, where one belongs."""
    return _all(context)[1]


def _all(context: Context) -> tuple[list[Place], list[tuple[Item, Pointer, int]]]:
    return context.memo("api-places", lambda: _found(context))


def _found(context: Context) -> tuple[list[Place], list[tuple[Item, Pointer, int]]]:
    places: list[Place] = []
    large: list[tuple[Item, Pointer, int]] = []
    store = context.store
    for item, info in context.known() if store else ():
        assert store is not None
        schema, seen = store.schema(info), look(item.value)
        for at, value, mark in marks(defaulted(item.value, schema, seen), schema):
            places.append((item, (*item.prefix, *at), value, mark))
        if seen.large:
            found = integers(item.value, schema)
            large += [(item, (*item.prefix, *at), number) for at, number in found if not LEAST <= number <= MOST]
    return places, large
