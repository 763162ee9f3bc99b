"""What any object can suffer, by walking it: unknown fields at each depth, wrong types, nulls, emptiness."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from mutants.edits import Steps
from mutants.mutant import Edit, Object
from mutants.operators.places import ANY, DOUBTFUL, table

FREE = ("value", "example", "default", "enum", "labels", "annotations", "attributes", "freeForm", "metadata")
"""Below these, anything or nearly anything goes: what is wrong there has operators of its own."""


def _walk(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    yield steps, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if key not in FREE:
            yield from _walk(child, (*steps, key))


def _each(chosen: Callable[[Steps, Any], bool], how: Callable[[Any], Any]) -> Edit:
    """`how` of each value below spec that is chosen; evenly spread, so that all depths have their turn."""

    def edit(value: Object) -> Iterator[tuple[str, Object]]:
        found = [steps for steps, part in _walk(value.get("spec", {}), ("spec",)) if chosen(steps, part)]
        found.sort(key=len)
        step = max(1, len(found) // 4)
        for steps in dict.fromkeys([*found[::step][:2], *found[-1:]]):
            changed = copy.deepcopy(value)
            parent: Any = changed
            for key in steps[:-1]:
                parent = parent[key]
            parent[steps[-1]] = how(copy.deepcopy(parent[steps[-1]]))
            yield "/" + "/".join(str(key).replace("/", "~1") for key in steps), changed

    return edit


def _is(kind: type) -> Callable[[Steps, Any], bool]:
    return lambda _, value: type(value) is kind


OPERATORS = (
    *table(
        "A", ANY,
        ("unknown-field", "a field that does not exist, at each depth", _each(_is(dict), lambda v: {**v, "nope": 1})),
        ("unknown-field-case", "a field in the wrong case", _each(
            lambda _, v: isinstance(v, dict) and any(k != k.lower() for k in v),
            lambda v: {(k.lower() if k != k.lower() else k): x for k, x in v.items()})),
        ("text-is-integer", "a number where text belongs", _each(_is(str), lambda _: 7)),
        ("text-is-boolean", "true where text belongs", _each(_is(str), lambda _: True)),
        ("text-is-list", "a list where text belongs", _each(_is(str), lambda v: [v])),
        ("text-is-map", "a mapping where text belongs", _each(_is(str), lambda v: {"name": v})),
        ("text-is-empty", "empty text", _each(_is(str), lambda _: ""), DOUBTFUL),
        ("text-is-null", "null where text belongs", _each(_is(str), lambda _: None), DOUBTFUL),
        ("text-is-huge", "text of 20,000 characters", _each(_is(str), lambda v: v + "x" * 20_000), DOUBTFUL),
        ("integer-is-text", "text where a number belongs", _each(_is(int), str)),
        ("integer-is-fraction", "a fraction where an integer belongs", _each(_is(int), lambda v: v + 0.5)),
        ("integer-is-round-fraction", "1.0 where an integer belongs", _each(_is(int), float), DOUBTFUL),
        ("integer-too-large", "more than an int32 holds", _each(_is(int), lambda _: 2**31)),
        ("integer-huge", "more than an int64 holds", _each(_is(int), lambda _: 2**63)),
        ("integer-negative", "less than nothing", _each(_is(int), lambda _: -1), DOUBTFUL),
        ("integer-zero", "nothing", _each(_is(int), lambda _: 0), DOUBTFUL),
        ("integer-is-boolean", "true where a number belongs", _each(_is(int), lambda _: True)),
        ("boolean-is-text", "text where true or false belongs", _each(_is(bool), lambda _: "yes")),
        ("boolean-is-integer", "1 where true belongs", _each(_is(bool), lambda _: 1)),
        ("boolean-is-null", "null where true or false belongs", _each(_is(bool), lambda _: None), DOUBTFUL),
        ("map-is-list", "a list where a mapping belongs", _each(_is(dict), lambda v: [v])),
        ("map-is-text", "text where a mapping belongs", _each(_is(dict), lambda _: "x")),
        ("map-is-null", "null where a mapping belongs", _each(_is(dict), lambda _: None), DOUBTFUL),
        ("map-is-empty", "an empty mapping", _each(_is(dict), lambda _: {}), DOUBTFUL),
        ("map-loses-first", "a mapping without its first entry", _each(
            lambda _, v: isinstance(v, dict) and len(v) > 1, lambda v: dict(list(v.items())[1:])), DOUBTFUL),
        ("list-is-map", "a mapping where a list belongs", _each(_is(list), lambda v: {"0": v[0] if v else 1})),
        ("list-is-text", "text where a list belongs", _each(_is(list), lambda _: "x")),
        ("list-is-empty", "an empty list", _each(_is(list), lambda _: []), DOUBTFUL),
        ("list-is-null", "null where a list belongs", _each(_is(list), lambda _: None), DOUBTFUL),
        ("list-entry-twice", "the first entry of a list twice", _each(
            lambda _, v: isinstance(v, list) and len(v) > 0, lambda v: [*v, copy.deepcopy(v[0])]), DOUBTFUL),
        ("list-entry-null", "null in a list", _each(_is(list), lambda v: [*v, None])),
        ("list-in-list", "a list within a list", _each(
            lambda _, v: isinstance(v, list) and len(v) > 0, lambda v: [v]), DOUBTFUL),
    ),
)
