"""Which variables the texts of a patch read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cluster_stacks.gotemplate.engine import Place
from cluster_stacks.validation.capi.paths import first_name
from cluster_stacks.validation.capi.templates import Unreadable, parsed
from cluster_stacks.validation.capi.view import JsonPatch, Patch, mapping, text
from cluster_stacks.validation.problem import Pointer


class Text(NamedTuple):
    """A template of a patch; `condition` says that it is its enabledIf."""

    pointer: Pointer
    text: str
    condition: bool


def texts(patch: Patch) -> Iterator[Text]:
    """All templates of a patch."""
    if patch.enabled_if:
        yield Text((*patch.pointer, "enabledIf"), patch.enabled_if, True)
    for definition in patch.definitions:
        for operation in definition.patches:
            found = template_of(operation)
            if found:
                yield Text((*operation.pointer, "valueFrom", "template"), found, False)


def template_of(operation: JsonPatch) -> str:
    """The template of an operation, or an empty text."""
    return text(mapping(operation.value, "valueFrom"), "template") if operation.op != "remove" else ""


def variable_of(operation: JsonPatch) -> str:
    """The variable that an operation names, or an empty text."""
    return text(mapping(operation.value, "valueFrom"), "variable") if operation.op != "remove" else ""


@lru_cache(4096)
def fields(template: str) -> tuple[tuple[tuple[str, ...], Place], ...]:
    """What a template reads, each path from the top; () is all data at once. Nothing where it does not parse."""
    found = parsed(template)
    return () if isinstance(found, Unreadable) else found.fields()


@lru_cache(4096)
def names_in(template: str) -> frozenset[str]:
    """The variables that a template reads; an empty name stands for all of them."""
    return frozenset(path[0] if path else "" for path, _ in fields(template))


def names_of(operation: JsonPatch) -> frozenset[str]:
    """The variables that the value of an operation is made of."""
    template, variable = template_of(operation), variable_of(operation)
    return (names_in(template) if template else frozenset()) | ({first_name(variable)} if variable else frozenset())


def names_read(patch: Patch) -> frozenset[str]:
    """The variables that a patch reads."""
    found = names_in(patch.enabled_if) if patch.enabled_if else frozenset()
    return found.union(*(names_of(operation) for each in patch.definitions for operation in each.patches))
