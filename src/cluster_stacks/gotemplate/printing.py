"""What a template prints of a value: text, and the parts of it that are not known."""

from __future__ import annotations

from typing import Any

from cluster_stacks.gotemplate.formatting import NO_VALUE, shown
from cluster_stacks.gotemplate.unknown import Partial, Unknown, holds_unknown
from cluster_stacks.gotemplate.values import INVALID
from cluster_stacks.gotemplate.world import World


def pieces(world: World, value: Any) -> list[str | Unknown]:
    """The text of a value as an action prints it."""
    if value is INVALID or value is None:
        return [NO_VALUE]
    return inner(world, value)


def inner(world: World, value: Any) -> list[str | Unknown]:
    """The text of a value as fmt prints it."""
    value = world.known(value)
    if isinstance(value, Partial):
        parts = [inner(world, part) if isinstance(part, Unknown) else [part] for part in value.pieces]
        return [piece for part in parts for piece in part]
    if isinstance(value, Unknown):
        return [value]
    if isinstance(value, dict | list) and holds_unknown(value):
        return [Unknown("text", "a list or mapping")]
    return [shown(value)]
