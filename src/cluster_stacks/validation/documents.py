"""Documents → objects: which documents are objects, and what a List holds."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from cluster_stacks.validation.problem import Item, Judged, Pointer, Problem
from cluster_stacks.validation.rules.document import RULE

LIST = ("v1", "List")
NESTING = 8
"""Lists within lists: no tool writes one, and a hostile file may hold any number."""


def items_of(documents: Sequence[Judged], without: Container[int] = ()) -> tuple[list[Item], list[Problem]]:
    """The objects of all documents, those in Lists one by one, and a problem for each document that is none.

    `without` are documents, by their index, that are left out.
    """
    items: list[Item] = []
    problems: list[Problem] = []
    for index, document in enumerate(documents):
        if index in without:
            continue
        for found in _expand(document.value, index, (), document.scope, 0):
            if isinstance(found, Item):
                items.append(found)
            else:
                problems.append(found)
    return items, problems


def _expand(value: object, index: int, prefix: Pointer, scope: str, depth: int) -> Iterator[Item | Problem]:
    if not isinstance(value, Mapping):
        yield _problem(index, prefix, "not a Kubernetes object: a mapping with apiVersion and kind is expected")
        return
    for key in ("apiVersion", "kind"):
        if not isinstance(value.get(key), str) or not value[key]:
            state = "is not a text" if value.get(key) is not None else "is missing"
            yield _problem(index, (*prefix, key), f"not a Kubernetes object: {key} {state}")
            return
    if (value["apiVersion"], value["kind"]) != LIST:
        yield Item(index, prefix, value, scope)
        return
    inner = value.get("items")
    if not isinstance(inner, list) or depth == NESTING:
        yield _problem(index, (*prefix, "items"), "a List whose items are not a list, or that is nested too deep")
        return
    for number, item in enumerate(inner):
        yield from _expand(item, index, (*prefix, "items", number), scope, depth + 1)


def _problem(index: int, pointer: Pointer, message: str) -> Problem:
    return Problem(index, RULE.id, message, pointer)
