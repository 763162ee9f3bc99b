"""Small changes to objects, by places: what operators are made of.

A place is a path (`/spec/workers/machineDeployments/*/class`); `*` stands for each entry of a list or mapping, `~1` for
a slash. Several places are several spellings (Cluster API's versions name fields differently): those that are there
count.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from mutants.mutant import Edit, Object

Places = str | tuple[str, ...]
Steps = tuple[str | int, ...]


def put(places: Places, value: Any, word: str = "") -> Edit:
    """The value at each place, of which the end may be missing."""
    return _at(places, lambda parent, last: _assign(parent, last, copy.deepcopy(value)), word, missing=1)


def make(places: Places, value: Any, word: str = "") -> Edit:
    """The value at each place; mappings on the way there are made where they are missing."""
    return _at(places, lambda parent, last: _assign(parent, last, copy.deepcopy(value)), word, missing=99)


def replace(places: Places, value: Any, word: str = "") -> Edit:
    """The value at each place that is there."""
    return _at(places, lambda parent, last: _assign(parent, last, copy.deepcopy(value)), word)


def drop(places: Places) -> Edit:
    """Without what is at each place."""

    def remove(parent: Any, last: Any) -> None:
        del parent[last]

    return _at(places, remove)


def change(places: Places, how: Callable[[Any], Any]) -> Edit:
    """What `how` makes of the value at each place that is there."""
    return _at(places, lambda parent, last: _assign(parent, last, how(copy.deepcopy(parent[last]))))


def twice(places: Places) -> Edit:
    """Each list with its first entry a second time, at its end."""

    def doubled(found: Any) -> Any:
        return [*found, copy.deepcopy(found[0])] if found and isinstance(found, list) else found

    return change(places, doubled)


def append(places: Places, value: Any, word: str = "") -> Edit:
    """Each list with one more entry; a list that is missing is made."""

    def added(parent: Any, last: Any) -> None:
        found = parent.get(last) if isinstance(parent, dict) else parent[last]
        _assign(parent, last, [*(found or []), copy.deepcopy(value)])

    return _at(places, added, word, missing=1)


def also(*edits: Edit) -> Edit:
    """All mutants of several edits."""

    def every(value: Object) -> Iterator[tuple[str, Object]]:
        for edit in edits:
            yield from edit(value)

    return every


def values(places: Places, *found: Any, how: Callable[[Places, Any, str], Edit] = put) -> Edit:
    """Each value at the first place that fits, numbered."""
    return also(*(first(how(places, value, f"#{index}")) for index, value in enumerate(found)))


def both(*edits: Edit) -> Edit:
    """One mutant: the first change of each edit, one after the other. None where one of them does not apply."""

    def joined(value: Object) -> Iterator[tuple[str, Object]]:
        word = ""
        for edit in edits:
            first = next(edit(value), None)
            if first is None:
                return
            word, value = word or first[0], first[1]
        yield word, value

    return joined


def whole(how: Callable[[Object], Object]) -> Edit:
    """What `how` makes of the whole object."""

    def made(value: Object) -> Iterator[tuple[str, Object]]:
        yield "", how(copy.deepcopy(value))

    return made


def first(edit: Edit) -> Edit:
    """Only the first mutant of an edit."""

    def one(value: Object) -> Iterator[tuple[str, Object]]:
        first = next(edit(value), None)
        if first is not None:
            yield first

    return one


def _at(places: Places, how: Callable[[Any, str | int], None], word: str = "", *, missing: int = 0) -> Edit:
    def edit(value: Object) -> Iterator[tuple[str, Object]]:
        for place in (places,) if isinstance(places, str) else places:
            for steps in resolve(value, place, missing):
                changed = copy.deepcopy(value)
                parent: Any = changed
                for step in steps[:-1]:
                    parent = parent.setdefault(step, {}) if isinstance(parent, dict) else parent[step]
                how(parent, steps[-1])
                yield f"{_text(steps)} {word}".strip(), changed

    return edit


def resolve(value: Any, place: str, missing: int = 0) -> Iterator[Steps]:
    """The places that a path with `*` means in a value; its last steps, `missing` in number, need not be there."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in place.removeprefix("/").split("/")]
    yield from _resolve(value, parts, missing)


def _resolve(value: Any, parts: list[str], missing: int) -> Iterator[Steps]:
    if not parts:
        yield ()
        return
    part, rest = parts[0], parts[1:]
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, list):
        inner = [(step, item) for step, item in enumerate(value) if part in ("*", str(step))]
    elif isinstance(value, dict):
        steps = list(value) if part == "*" else [part] if part in value or len(parts) <= missing else []
        inner = [(step, value.get(step, {})) for step in steps]
    for step, child in inner:
        for after in _resolve(child, rest, missing):
            yield (step, *after)


def _assign(parent: Any, last: Any, value: Any) -> None:
    parent[last] = value


def _text(steps: Steps) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
