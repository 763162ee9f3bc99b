"""What the rules of a provider judge: a cluster or machine, whether it is written itself or as a template of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cluster_stacks.validation.capi.view import Values, mapping
from cluster_stacks.validation.problem import Item, Pointer

Wrong = Iterator[tuple[tuple[str | int, ...], str]]
"""Places below `spec` of what a template is a template of, and what is wrong there."""
GROUP = "infrastructure.cluster.x-k8s.io"


class Subject(NamedTuple):
    """An object of a provider. `kind` is without `Template`; `spec` stands at `pointer`."""

    item: Item
    kind: str
    version: str
    template: bool
    pointer: Pointer
    spec: Values

    def part(self, *path: str) -> Values:
        """The mapping at a path below the spec."""
        return mapping(self.spec, *path)


def subject_of(item: Item, version: str) -> Subject:
    """The subject that an object is, or is a template of."""
    template = item.kind.endswith("Template")
    path = ("spec", "template", "spec") if template else ("spec",)
    kind = item.kind.removesuffix("Template")
    return Subject(item, kind, version, template, (*item.prefix, *path), mapping(item.value, *path))
