"""The three operations of JSON Patch that patches have, as Cluster API's library carries them out.

github.com/evanphx/json-patch v5 with its default options: a parent must be there, only `remove` and `replace` want the
place itself, `-` appends, and null is no parent. Documents are never changed: what an operation touches is copied.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Segments = tuple[str, ...]
Place = tuple[str | int, ...]


class NotApplicable(Exception):  # noqa: N818 — what it says
    """An operation that its document has no place for.

    `depth` says how many segments there are; `why` is what the next one, or the value there, is.
    """

    def __init__(self, depth: int, why: Literal["missing", "scalar", "null", "index"]) -> None:
        super().__init__(why)
        self.depth = depth
        self.why = why


class Applied(NamedTuple):
    """The new document, and where in it the operation put or removed something: `-` is a number here."""

    document: object
    place: Place


def apply(document: object, op: str, segments: Segments, value: object = None) -> Applied:
    """Carries out one operation of `add`, `replace`, `remove`. Raises NotApplicable."""
    if not segments:
        return Applied(value, ())
    chain: list[object] = [document]
    place: list[str | int] = []
    for depth, segment in enumerate(segments[:-1]):
        child, step = _child(chain[-1], segment, depth)
        chain.append(child)
        place.append(step)
    changed, last = _at(chain[-1], op, segments[-1], value, len(segments) - 1)
    for parent, step in zip(reversed(chain[:-1]), reversed(place), strict=True):
        copy = parent.copy()  # type: ignore[attr-defined]  # _child gave no child of anything else
        copy[step] = changed
        changed = copy
    return Applied(changed, (*place, last))


def _child(parent: object, segment: str, depth: int) -> tuple[object, str | int]:
    if isinstance(parent, dict):
        if segment not in parent:
            raise NotApplicable(depth, "missing")
        child, step = parent[segment], segment
        found: tuple[object, str | int] = (child, step)
    elif isinstance(parent, list):
        number = _index(segment, len(parent) - 1, depth)
        found = (parent[number], number)
    else:
        raise NotApplicable(depth, "scalar")
    if found[0] is None:
        raise NotApplicable(depth + 1, "null")
    if not isinstance(found[0], dict | list):
        raise NotApplicable(depth + 1, "scalar")
    return found


def _at(parent: object, op: str, segment: str, value: object, depth: int) -> tuple[object, str | int]:
    if isinstance(parent, dict):
        if op != "add" and segment not in parent:
            raise NotApplicable(depth, "missing")
        if op == "remove":
            return {key: child for key, child in parent.items() if key != segment}, segment
        return {**parent, segment: value}, segment
    if not isinstance(parent, list):
        raise NotApplicable(depth, "null" if parent is None else "scalar")
    if op == "add":
        number = len(parent) if segment == "-" else _index(segment, len(parent), depth)
        return [*parent[:number], value, *parent[number:]], number
    number = _index(segment, len(parent) - 1, depth)
    return [*parent[:number], *([] if op == "remove" else [value]), *parent[number + 1:]], number


def _index(segment: str, last: int, depth: int) -> int:
    try:
        number = int(segment)
    except ValueError:
        raise NotApplicable(depth, "index") from None
    if number < 0:
        number += last + 1
    if not 0 <= number <= last or "_" in segment or not segment.isascii() or segment != segment.strip():
        raise NotApplicable(depth, "index")
    return number
