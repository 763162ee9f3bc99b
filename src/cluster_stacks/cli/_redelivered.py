"""Tells what a redelivery changes for clusters: object by object, value by value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cluster_stacks.operations.redelivery import Redelivered

_LONGEST = 60


def redelivered_lines(items: Sequence[Redelivered]) -> Iterator[str]:
    """One line for each object or file, and one for each value that differs."""
    for item in items:
        sign = {"added": "+", "removed": "-"}.get(item.fate, "~")
        yield f"{sign} {item.path}" + (f": {item.object}" if item.object else "")
        for difference in item.differences:
            yield f"    {difference.path}: {_shown(difference.old)} → {_shown(difference.new)}"


def redelivered_data(item: Redelivered) -> dict[str, object]:
    """The same, as plain data."""
    from cluster_stacks.releases.difference import ABSENT

    return {
        "path": item.path, "fate": item.fate, "object": item.object,
        "differences": [
            {"path": found.path}
            | ({} if found.old is ABSENT else {"old": found.old})
            | ({} if found.new is ABSENT else {"new": found.new})
            for found in item.differences
        ],
    }


def _shown(value: object) -> str:
    from cluster_stacks.releases.difference import ABSENT

    if value is ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
