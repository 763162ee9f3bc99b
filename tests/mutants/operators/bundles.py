"""What is wrong between the objects of a stack: no API server sees it in one object, and nothing of it works."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from mutants.mutant import Base, Fate, Object, Operator
from mutants.operators.places import DOUBTFUL, FAILS

Bundle = Callable[[Base], Iterator[tuple[str, list[Object]]]]


def _duplicate(base: Base) -> Iterator[tuple[str, list[Object]]]:
    for value in base.objects[:3]:
        yield str(value["kind"]), [*base.objects, copy.deepcopy(value)]


def _without(*kinds: str) -> Bundle:
    def edit(base: Base) -> Iterator[tuple[str, list[Object]]]:
        for index, value in enumerate(base.objects):
            if str(value["kind"]).endswith(kinds):
                yield f"{value['kind']} {index}", [*base.objects[:index], *base.objects[index + 1:]]

    return edit


def _copied(base: Base) -> Iterator[tuple[str, list[Object]]]:
    for value in base.objects:
        if value["kind"].endswith("MachineTemplate"):
            spare = copy.deepcopy(value)
            spare["metadata"]["name"] += "-spare"
            yield "MachineTemplate", [*base.objects, spare]
            return


def _renamed(base: Base) -> Iterator[tuple[str, list[Object]]]:
    for index, value in enumerate(base.objects):
        if value["kind"].endswith("Template"):
            objects = copy.deepcopy(list(base.objects))
            objects[index]["metadata"]["name"] += "-renamed"
            yield f"{value['kind']} {index}", objects


def _elsewhere(base: Base) -> Iterator[tuple[str, list[Object]]]:
    for index, value in enumerate(base.objects):
        if value["kind"].endswith("ControlPlaneTemplate"):
            objects = copy.deepcopy(list(base.objects))
            objects[index]["metadata"]["namespace"] = "elsewhere"
            yield str(value["kind"]), objects


def _row(name: str, summary: str, bundle: Bundle, fate: Fate = FAILS) -> Operator:
    return Operator(name, summary, (), lambda _: iter(()), fate, (), "K", bundle)


OPERATORS = (
    _row("object-twice", "the same object twice", _duplicate),
    _row("template-missing", "a template that the class refers to is not there", _without("Template")),
    _row("template-renamed", "a template renamed, but not where it is referred to", _renamed),
    _row("template-elsewhere", "a template in another namespace", _elsewhere),
    _row("template-orphaned", "a template that nothing refers to", _copied, DOUBTFUL),
    _row("image-missing", "the image that machines refer to is not there", _without("Image"), DOUBTFUL),
)
