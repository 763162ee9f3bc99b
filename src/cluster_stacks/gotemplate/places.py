"""Offsets in a text → lines and columns."""

from __future__ import annotations

from cluster_stacks.model.source import Position


def position(text: str, at: int) -> Position:
    """The line and column of an offset, both from 1."""
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
