"""Where in a stack's source something about a chart stands: a line of its values, or of what names it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Related
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import context
from cluster_stacks.rendering.layout import ADDON_FOLDER, CHART, VALUES
from cluster_stacks.rendering.loaded import Loaded, load_file
from cluster_stacks.validation.problem import Pointer

_LOOKED_AT = 5_000
"""Values that are compared with an object's; more of them would say nothing."""
_TEMPLATE = re.compile(r"[\w.-]+(?:/charts/[\w.-]+)*/templates/[^\s:()\"]+")
_VALUE = re.compile(r"\.Values\.([A-Za-z_][\w.]*\w)")
_TELLING = 4
"""Characters: shorter texts are the same by chance."""
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class ChartPlaces:
    """The files of one addon that is a chart, read when the first of its findings is placed."""

    folder: str
    files: Mapping[str, SourceFile]
    about: Loaded | None
    values: Loaded | None

    def of_value(self, pointer: tuple[str, ...], *, on_key: bool = False) -> Related:
        """A place in values.yaml, or the nearest above it; Chart.yaml where there are no values."""
        if self.values is None or not self.values.documents or not pointer:
            return self.of_dependency(pointer[0] if pointer else "")
        at = self.values.position(0, pointer, on_key)
        return Related(self.values.path, at.line, at.column)

    def of_template(self, template: str) -> Related:
        """The template itself where the repository holds it, else the dependency that brought it."""
        inside = template.partition("/")[2]
        file = self.files.get(f"{self.folder}/{inside}")
        if file:
            return Related(file.path)
        return self.of_dependency(inside.split("/")[1] if inside.startswith("charts/") else "")

    def of_words(self, said: str) -> Related:
        """What Helm's words are about: a value that they name and that is given, else the template, else the chart."""
        template = _TEMPLATE.search(said)
        inside = template[0].split("/") if template else []
        prefix = (inside[2],) if inside[1:2] == ["charts"] else ()
        given = self.values.documents[0].value if self.values and self.values.documents else {}
        for named in _VALUE.findall(said):
            pointer = (*prefix, *named.split("."))
            if value_at(given, pointer) is not _NOTHING:
                return self.of_value(pointer)
        return self.of_template(template[0]) if template else self.of_dependency("")

    def of_dependency(self, key: str) -> Related:
        """The entry of Chart.yaml that brings the chart with that name or alias."""
        if self.about is None or not self.about.documents:
            return Related(f"{self.folder}/{CHART}")
        for index, dependency in enumerate(_list(self.about.documents[0].value, "dependencies")):
            if isinstance(dependency, Mapping) and key in (dependency.get("alias"), dependency.get("name")):
                at = self.about.position(0, ("dependencies", index, "name"))
                return Related(self.about.path, at.line, at.column)
        return Related(self.about.path)

    def of_same_value(self, template: str, pointer: Pointer, value: object) -> Related | None:
        """The line of the values that an object's value seems to come from: one of the same key and the same content.

        None where there is none, or more than one that fits as well as another.
        """
        if self.values is None or not self.values.documents or value is _NOTHING:
            return None
        wanted = [str(part) for part in pointer if isinstance(part, str)]
        inside = template.split("/")
        below = inside[2] if inside[1:2] == ["charts"] else ""
        given = self.values.documents[0].value
        scored = sorted(
            ((_shared(wanted, at), at) for at, each in _nodes(given)
             if wanted and at[-1] == wanted[-1] and each == value and at[0] in (below or at[0], "global")),
            key=lambda item: -item[0],
        )
        if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
            return None
        return self.of_value(scored[0][1], on_key=True)

    def of_text(self, text: str) -> Related | None:
        """The first line of the values that is this very text; None for what is too short to tell."""
        if self.values is None or not self.values.documents or len(text) < _TELLING:
            return None
        at = next((at for at, each in _nodes(self.values.documents[0].value) if each == text), None)
        return self.of_value(at) if at else None


def chart_places(source: StackSource, addon: str) -> ChartPlaces:
    """The places of an addon."""
    folder = f"{ADDON_FOLDER}/{addon}"

    def loaded(name: str) -> Loaded | None:
        try:
            file = source.files.get(f"{folder}/{name}")
            return load_file(file, context.addon_scope(source)) if file else None
        except Refused:
            return None

    return ChartPlaces(folder, source.files, loaded(CHART), loaded(VALUES))


def value_at(value: object, pointer: Pointer) -> object:
    """What stands at a pointer; a value of its own where nothing does."""
    for part in pointer:
        fits = part in value if isinstance(value, Mapping) else (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        )
        if not fits:
            return _NOTHING
        value = value[part]  # type: ignore[index]  # it was just found to fit
    return value


def _nodes(values: object) -> Iterator[tuple[tuple[str, ...], object]]:
    waiting: list[tuple[tuple[str, ...], object]] = [((), values)]
    left = _LOOKED_AT
    while waiting and left:
        left -= 1
        at, found = waiting.pop()
        if at:
            yield at, found
        if isinstance(found, Mapping):
            waiting += [((*at, str(key)), each) for key, each in found.items()]


def _shared(wanted: list[str], at: tuple[str, ...]) -> int:
    """How many keys at the end are the same."""
    count = 0
    for one, other in zip(reversed(wanted), reversed(at), strict=False):
        if one != other:
            break
        count += 1
    return count


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []
