"""A rendered file as documents, with the way back to its source."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cluster_stacks.documents.syntax import DEFAULT, decoded
from cluster_stacks.documents.yaml import Document, load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import Position, SourceFile
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.jinja import Scope, is_plain, render_text
from cluster_stacks.rendering.sourcemap import SourceMap, source_map
from cluster_stacks.runtime.worker import note

NATIVE = Scope({})
"""The scope of a file that is no template."""
_REMEMBERED = 2048
_known_good: set[tuple[str, str]] = set()
"""Texts that follow their schema: hundreds of stacks have the same addon.yaml, and jsonschema takes 1 ms for each."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file of a layer after its template was evaluated. `template` is what it was before, None for a native file."""

    path: str
    output: str
    template: str | None
    scope: Scope

    def place(self, at: Position) -> Position:
        """Where a place of the output comes from; the file as a whole where that cannot be told."""
        if self.template is None or not at.line:
            return at
        found = self._map()
        return found.place(at) if found else Position(0, 0)

    def back(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings on the output as findings on the source."""
        return [_moved(found, self) for found in findings]

    def _map(self) -> SourceMap | None:
        return source_map(self.template, self.scope) if self.template is not None else None


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents of one file."""

    text: Text
    documents: tuple[Document, ...]

    @property
    def path(self) -> str:
        return self.text.path

    def position(
        self, index: int, pointer: tuple[str | int, ...] = (), key: bool = False, within: Position | None = None
    ) -> Position:
        """Where the value at `pointer` of document `index`, or its key, or a place within it, stands in the source."""
        return self.text.place(self.documents[index].position(pointer, key, within))


def render_file(file: SourceFile, scope: Scope, *, template: bool = True) -> Text:
    """The text of a file, its template evaluated unless it is none. Raises Refused with one finding."""
    note(file.path)
    if file.mode == "120000":
        message = "a symbolic link in a layer is not followed: make it a file, or put what minors share into shared/"
        raise rules.refused(rules.STRAY_FILE, message, file.path)
    text = decoded(file.data, file.path, DEFAULT)
    if not template or is_plain(text):
        return Text(file.path, text, None, NATIVE)
    return Text(file.path, render_text(text, file.path, scope), text, scope)


def load_file(file: SourceFile, scope: Scope, *, template: bool = True) -> Loaded:
    """The documents of a file. Raises Refused with one finding, at its place in the source."""
    text = render_file(file, scope, template=template)
    data = file.data if text.template is None else text.output.encode()
    try:
        return Loaded(text, tuple(load_documents(data, file.path)))
    except Refused as refused:
        if text.template is None:
            raise
        raise Refused(*text.back(refused.findings)) from None


def load_config(file: SourceFile, scope: Scope, schema: str, *, template: bool = True) -> tuple[Any, Loaded]:
    """The one document of a file that follows a schema of ours. Raises Refused with all that is wrong with it."""
    loaded = load_file(file, scope, template=template)
    if len(loaded.documents) != 1:
        what = "is empty" if not loaded.documents else "holds more than one document"
        raise rules.refused(CONFIG_RULES[schema], f"the file {what}: it is one mapping", file.path)
    if (schema, loaded.text.output) not in _known_good:
        _check(loaded, schema)
    return loaded.documents[0].value, loaded


def _check(loaded: Loaded, schema: str) -> None:
    from cluster_stacks.documents.schema import check

    problems = [dataclasses.replace(found, rule=CONFIG_RULES[schema]) for found in check(loaded.documents[0], schema)]
    if problems:
        raise Refused(*loaded.text.back(problems))
    if len(_known_good) < _REMEMBERED:
        _known_good.add((schema, loaded.text.output))


CONFIG_RULES: Mapping[str, str] = {
    "images": rules.IMAGES, "images-lock": rules.IMAGES_LOCK, "addon": rules.ADDON, "clusteraddon": rules.ADDON,
}


def _moved(found: Finding, text: Text) -> Finding:
    at = text.place(Position(found.line, found.column, found.end_line, found.end_column))
    related = []
    for item in found.related:
        place = text.place(Position(item.line, item.column))
        related.append(item._replace(line=place.line, column=place.column))
    return dataclasses.replace(
        found, line=at.line, column=at.column, end_line=at.end_line, end_column=at.end_column, related=tuple(related),
        key=found.key or found.message,
    )
