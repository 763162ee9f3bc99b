"""Objects spoiled at random: what a hostile or careless hand, or a broken tool, may put anywhere in a manifest."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

DEPTH = 150
"""As deep as the reader of YAML lets anything nest, less what stands around it."""


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


VALUES: tuple[Any, ...] = (
    None, {}, [], "", 0, -1, True, False, 2**31, 2**63, -(10**30), 10**400, 1.5, -0.0, 1e308, float("inf"),
    float("nan"), "\ud800", "a\udc80b", "x" * 10_000, "{{" * 5_000, "{{ .builtin }}", "{{ .a.b.c | quote }}",
    "{{ end }}",
    "a: [b", '{{ "\\xff" }}', '{{ printf "%c" 55296 }}', '{{ "\\xff\\xfe" | quote }}', "null",
    "- 1", "v1", "v1.36.1", "latest", "/spec/a~2", "/", "é" * 300, "\0", [[]], [[[]]], [None], [{}],
    [0, "a", None], {"a": None}, {"": ""}, {"~1/": {"": []}}, {1: 2}, {None: None}, {True: [1]}, {"\ud800": "a"},
    {"matchResources": 1}, {"$ref": "#"}, {"x-kubernetes-validations": [{"rule": "self == self"}]},
    {"type": "object", "additionalProperties": {"type": "string"}}, {"type": "array"}, {"type": 1},
    {"variable": "a", "template": "{{ .a }}"}, {"apiVersion": "v1", "kind": "List", "items": [None]},
    {"name": "a", "namespace": ["b"]}, {str(number): number for number in range(300)}, [1] * 1_000,
    nested(DEPTH), 10**5000,
)


class Edit(NamedTuple):
    """What to do with which node; `place` counts nodes, from the front again after the last."""

    place: int
    how: str
    value: int


HOWS = ("replace", "delete", "duplicate", "rename", "copy")


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each node of a value, as what holds it and its key there."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, inner in pairs:
            yield holder, key
            if isinstance(inner, dict | list):
                waiting.append(inner)


def spoiled(objects: Sequence[Any], edits: Sequence[Edit]) -> list[Any]:
    """The objects with the edits made, one after the other."""
    held = copy.deepcopy(list(objects))
    for edit in edits:
        places = list(nodes(held))
        if not places:
            break
        _edit(*places[edit.place % len(places)], edit, places)
    return held


def _edit(holder: Any, key: Any, edit: Edit, places: list[tuple[Any, Any]]) -> None:
    value = copy.deepcopy(VALUES[edit.value % len(VALUES)])
    match edit.how:
        case "delete":
            del holder[key]
        case "duplicate" if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        case "rename" if isinstance(holder, dict):
            name = value if isinstance(value, str | int | float | None) else "other"
            holder[name] = holder.pop(key)
        case "copy":
            there, at = places[edit.value % len(places)]
            holder[key] = copy.deepcopy(there[at])
        case _:
            holder[key] = value
