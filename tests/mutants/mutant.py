"""What a mutant is: a base stack with one thing changed, and what an operator says of it."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

Object = dict[str, Any]
Edit = Callable[[Object], Iterator[tuple[str, Object]]]
"""An object in; each changed copy out, with the word that tells it from the others (a place in it, most often)."""

class Fate(StrEnum):
    """What becomes of a mutant that a cluster takes in."""

    WORKS = "works"
    FAILS = "fails"
    """It fails when a Cluster of it is made or changed, or cannot be built at all: ours to refuse."""
    DOUBTFUL = "doubtful"
    """It does something else than its author means: ours to warn of, and no false error where it is refused."""


@dataclass(frozen=True, slots=True)
class Base:
    """A whole stack: class, templates, a Cluster of it. `minor` is of the Kubernetes it is for (`1.36`).

    `most` mutants are made of an operator and object: further places of the same kind teach nothing new.
    """

    id: str
    minor: str
    objects: tuple[Object, ...]
    most: int = 4

    @property
    def prefix(self) -> str:
        """What all names in it begin with: the name of its class."""
        return next(str(o["metadata"]["name"]) for o in self.objects if o["kind"] == "ClusterClass")


@dataclass(frozen=True, slots=True)
class Operator:
    """A named way to spoil a stack: `edit` for each object of `kinds` (none: all), in Cluster API's `versions`.

    With `bundle`, the whole stack is changed instead: no API server sees that, so its fate alone is known. `fate` is of
    the mutants that a cluster takes in. `area` names the rules that should find it.
    """

    name: str
    summary: str
    kinds: tuple[str, ...]
    edit: Edit
    fate: Fate = Fate.WORKS
    versions: tuple[str, ...] = ()
    area: str = ""
    bundle: Callable[[Base], Iterator[tuple[str, list[Object]]]] | None = None


@dataclass(frozen=True, slots=True)
class Mutant:
    """A base whose object at `index` was replaced. `argument` is unique for its operator and base.

    `stack` is all objects where not one but the stack was changed; `value` is then that of the first.
    """

    operator: Operator
    base: Base
    argument: str
    index: int
    value: Object
    stack: tuple[Object, ...] = ()

    @property
    def objects(self) -> list[Object]:
        """The whole stack with the change in it."""
        if self.stack:
            return list(self.stack)
        found = list(self.base.objects)
        found[self.index] = self.value
        return found

    @property
    def key(self) -> tuple[str, str, str]:
        return self.operator.name, self.base.id, self.argument


def mutants_of(operator: Operator, base: Base) -> Iterator[Mutant]:
    """Every mutant that an operator makes of a base, in a fixed order."""
    if operator.bundle is not None:
        for word, objects in operator.bundle(base):
            yield Mutant(operator, base, word, 0, objects[0], tuple(objects))
        return
    for index, value in enumerate(base.objects):
        if not _applies(operator, value):
            continue
        place, seen = name_of(value, base), Counter[str]()
        for word, changed in islice(operator.edit(copy.deepcopy(value)), base.most):
            if changed != value or repr(changed) != repr(value):  # 1 == True == 1.0
                seen[word] += 1
                number = f" #{seen[word]}" if seen[word] > 1 else ""
                yield Mutant(operator, base, f"{place} {word}{number}".strip(), index, changed)


def _applies(operator: Operator, value: Mapping[str, Any]) -> bool:
    if operator.kinds and value["kind"] not in operator.kinds:
        return False
    return not operator.versions or str(value["apiVersion"]).rpartition("/")[2] in operator.versions


def name_of(value: Mapping[str, Any], base: Base) -> str:
    """An object's short name in its stack: its kind, and where there are several, what their names do not share."""
    if sum(other["kind"] == value["kind"] for other in base.objects) == 1:
        return str(value["kind"])
    name = str(value["metadata"]["name"]).removeprefix(base.prefix).strip("-")
    return f"{value['kind']}/{name}"


def all_mutants(operators: Sequence[Operator], bases: Sequence[Base]) -> Iterator[Mutant]:
    """Every operator on every base."""
    for operator in operators:
        for base in bases:
            yield from mutants_of(operator, base)
