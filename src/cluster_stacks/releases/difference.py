"""What differs between two plain values, told by the names of their parts rather than by lines."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple


class _Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absent.ABSENT
"""Stands for a value that one side does not have; null is a value."""

_KEYS = ("name", "class", "type", "key", "path", "ref")
"""What tells the items of a list from one another, the first of these that every item has and no two share."""


class Difference(NamedTuple):
    """One place that differs: `spec.variables[backend].required`. `old` or `new` is ABSENT where a side lacks it."""

    path: str
    old: object
    new: object


def differences(old: object, new: object, path: str = "") -> Iterator[Difference]:
    """The smallest places that differ, in the order of `new`, what only `old` has after it.

    Mappings are compared by key, lists of mappings by what names their items, other lists by their longest common
    parts. The order of named items counts as a difference of the list, because some lists (patches) are applied in it.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, path)
    elif _is_list(old) and _is_list(new):
        yield from _lists(old, new, path)  # type: ignore[arg-type]  # both were just asked about
    elif type(old) is not type(new) or old != new:  # true and 1 are no equals here
        yield Difference(path, old, new)


def _mappings(old: Mapping[str, object], new: Mapping[str, object], path: str) -> Iterator[Difference]:
    for key in (*new, *(key for key in old if key not in new)):
        below = f"{path}.{_shown(key)}" if path else _shown(key)
        yield from _sides(old.get(key, ABSENT), new.get(key, ABSENT), below)


def _sides(old: object, new: object, path: str) -> Iterator[Difference]:
    if old is ABSENT or new is ABSENT:
        yield Difference(path, old, new)
    else:
        yield from differences(old, new, path)


def _lists(old: Sequence[object], new: Sequence[object], path: str) -> Iterator[Difference]:
    named = _named(old, new)
    if named is None:
        yield from _unnamed(old, new, path)
        return
    before, after = named
    for name in (*after, *(name for name in before if name not in after)):
        yield from _sides(before.get(name, ABSENT), after.get(name, ABSENT), f"{path}[{name}]")
    common = [name for name in before if name in after]
    moved = [name for name in after if name in before]
    if common != moved:
        yield Difference(f"{path} (order)", common, moved)


def _named(old: Sequence[object], new: Sequence[object]) -> tuple[dict[str, object], dict[str, object]] | None:
    """Both lists by what names their items; None where nothing does."""
    for key in _KEYS:
        sides = (_by(old, key), _by(new, key))
        if sides[0] is not None and sides[1] is not None:
            return sides[0], sides[1]
    return None


def _by(items: Sequence[object], key: str) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for item in items:
        name = item.get(key) if isinstance(item, Mapping) else None
        if not isinstance(name, str) or name in found:
            return None
        found[name] = item
    return found


def _unnamed(old: Sequence[object], new: Sequence[object], path: str) -> Iterator[Difference]:
    before, after = ([json.dumps(item, sort_keys=True, default=str) for item in items] for items in (old, new))
    for tag, low, high, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        common = min(high - low, end - start)
        for offset in range(common):
            yield from differences(old[low + offset], new[start + offset], f"{path}[{start + offset}]")
        for index in range(low + common, high):
            yield Difference(f"{path}[{index}]", old[index], ABSENT)
        for index in range(start + common, end):
            yield Difference(f"{path}[{index}]", ABSENT, new[index])


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _shown(key: object) -> str:
    """A key as a part of a path; one that holds what separates parts is quoted."""
    text = str(key)
    return json.dumps(text, ensure_ascii=False) if not text or any(c in text for c in '.[]"') else text
