"""The one YAML door: reads files as Kubernetes does, with limits, and tells where things stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yaml import YAMLError

from cluster_stacks.documents import blocks, rules, syntax
from cluster_stacks.documents.loader import BadEvent, Loader
from cluster_stacks.documents.mappings import BadChild
from cluster_stacks.documents.syntax import DEFAULT, Limits
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Related
from cluster_stacks.model.source import Position

if TYPE_CHECKING:
    from cluster_stacks.documents.nodes import Node

__all__ = ["DEFAULT", "Document", "Limits", "load", "load_documents"]

Pointer = tuple[str | int, ...]
POSITIONS = 200_000
"""Events of the parser whose places are kept: each takes some 400 bytes."""


class _Source:
    """The text that documents came from; read again when the first position is asked for."""

    __slots__ = ("_first", "_nodes", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._nodes: dict[int, Node] | None = None
        self._first: dict[int, Node] | None = None

    def nodes(self) -> dict[int, Node]:
        """The values in the text by the number of their event."""
        if self._nodes is None:
            from cluster_stacks.documents.nodes import read

            self._nodes = read(self.data)
        return self._nodes

    def first(self) -> dict[int, Node]:
        """The same as far as positions are told: in a file of a million values nobody looks for one."""
        if self._nodes is not None:
            return self._nodes
        if self._first is None:
            from cluster_stacks.documents.nodes import read

            self._first = read(self.data, POSITIONS)
        return self._first


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One document of a file that is not empty.

    `value` is plain data: dict with text keys, list, str, int, float, bool, None; no two places share a container.
    `index` is its place among the documents of the file that are not empty, from 0; `line` the line that it begins in.
    """

    value: Any
    path: str
    index: int
    line: int
    _source: _Source
    _event: int

    def position(self, pointer: Pointer = (), key: bool = False, within: Position | None = None) -> Position:
        """Where the value at `pointer` stands, or its key; where there is none, the nearest value above it.

        `within` is a line and a column of a text, both from 1: then it is the place of that letter, if it can be told.
        Beyond the first POSITIONS values of a file it is the nearest of them above it, or the line of the document.
        """
        from cluster_stacks.documents.nodes import walk

        root = self._source.first().get(self._event)
        if root is None:
            return Position(self.line, 1)
        node = walk(root, pointer, key=key)
        at = syntax.position(node.start, node.end)
        if within is None:
            return at
        from cluster_stacks.documents.inside import inside

        return inside(self.text(pointer), at, within) or at

    def text(self, pointer: Pointer = ()) -> str:
        """How the value at `pointer` is written: `1.30` where the value is 1.3."""
        node = self.node(pointer)
        return self._source.data.decode()[node.start.index : node.end.index]

    def node(self, pointer: Pointer = (), key: bool = False) -> Node:
        """The same place with the parser's marks, for this package's own use."""
        from cluster_stacks.documents.nodes import walk

        return walk(self._source.nodes()[self._event], pointer, key=key)


def load_documents(data: bytes, path: str, *, limits: Limits = DEFAULT) -> list[Document]:
    """All documents of a file that are not empty. Raises Refused with one finding for anything wrong in any of them."""
    text = syntax.decoded(data, path, limits)
    data = data.removeprefix(syntax.BOM)
    source = _Source(data)
    plain = blocks.read(text) if limits is DEFAULT else None
    if plain is not None:
        value, line = plain
        return [Document(value, path, 0, line, source, blocks.ROOT_EVENT)]
    documents: list[Document] = []
    try:
        for value, event, line in Loader(data, limits).documents():
            if len(documents) == limits.documents:
                message = f"the file holds more than {limits.documents:,} documents: split it"
                raise rules.refused(rules.LIMIT, message, path, Position(line, 1))
            documents.append(Document(value, path, len(documents), line, source, event))
    except BadEvent as bad:
        at = syntax.position(bad.event.start_mark, bad.event.end_mark)
        raise rules.refused(bad.rule, bad.message, path, at) from None
    except BadChild as bad:
        raise _refuse(bad, source, path) from None
    except YAMLError as error:
        raise syntax.refuse(error, text, path) from None
    return documents


def load(data: bytes, path: str, *, limits: Limits = DEFAULT) -> Document:
    """The one document of a file. Raises Refused where it is empty, where there are several, or as load_documents."""
    documents = load_documents(data, path, limits=limits)
    if not documents:
        raise rules.refused(rules.DOCUMENT_COUNT, "the file is empty", path, Position(1, 1))
    if len(documents) > 1:
        at = Position(documents[1].line, 1)
        raise rules.refused(rules.DOCUMENT_COUNT, "a second document begins here: a file of this kind is one", path, at)
    return documents[0]


def _refuse(bad: BadChild, source: _Source, path: str) -> Refused:
    children = source.nodes()[bad.container].children
    node = children[bad.child]
    related: tuple[Related, ...] = ()
    if bad.other is not None:
        first = syntax.position(children[bad.other].start)
        related = (Related(path, first.line, first.column, "first here"),)
    return rules.refused(bad.rule, bad.message, path, syntax.position(node.start, node.end), related=related)
