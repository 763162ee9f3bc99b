"""From a place in a template's output back to the place in the template.

The template is rendered once more with a marker before every piece of literal text and every value, then the markers
are taken out again: what stands between two of them comes from the place that the first one stands for. Only done when
a finding exists. What a macro, a `set` block or a filter block makes belongs to the place where it is written out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

from cluster_stacks.model.source import Position
from cluster_stacks.rendering.jinja import Scope, compiled_tree, is_plain, output
from cluster_stacks.rendering.templates import environment
from cluster_stacks.runtime.limits import OutOfTime, processor_time

# One character each, of a plane that is for private use: 65,000 pieces of text are more than any template has.
_FIRST = 0xF0000
_MOST = 65_000
_MARKER = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + _MOST)}]")
_CAPTURING = (nodes.Macro, nodes.CallBlock, nodes.AssignBlock, nodes.FilterBlock)
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of output: where it begins there and in the template, and whether the template says it to the letter."""

    start: int
    offset: int
    literal: bool


@dataclass(frozen=True, slots=True)
class SourceMap:
    """The map of one output."""

    source: str
    output: str
    pieces: tuple[_Piece, ...]

    def place(self, at: Position) -> Position:
        """The place in the template of a place in the output."""
        start = _offset(self.output, at.line, at.column)
        piece = self._piece(start)
        if piece is None:
            return Position(1, 1)
        line, column = _position(self.source, piece.offset + (start - piece.start if piece.literal else 0))
        end = _offset(self.output, at.end_line, at.end_column) if at.end_line else 0
        if piece.literal and end and self._piece(end - 1) is piece:
            return Position(line, column, *_position(self.source, piece.offset + end - piece.start))
        return Position(line, column)

    def _piece(self, offset: int) -> _Piece | None:
        index = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        return self.pieces[index] if index >= 0 else None


def source_map(text: str, scope: Scope) -> SourceMap | None:
    """The map of the template's output, which must render; None where there is none to be had."""
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_plain(source):
        return SourceMap(source, source, (_Piece(0, 0, literal=True),))
    try:
        with processor_time(_SECONDS):
            tree = environment().parse(source)
            places = _mark(tree, source)
            if places is None:
                return None
            marked = output(compiled_tree(tree), scope.values)
    except (Exception, OutOfTime):  # it rendered a moment ago: a place is not worth a second failure
        return None
    return SourceMap(source, _MARKER.sub("", marked), tuple(_pieces(marked, places)))


def _mark(tree: nodes.Template, source: str) -> list[tuple[int, bool]] | None:
    """Puts the markers into the tree. Returns, of each, where it stands in the source, and whether text follows it."""
    texts, values = _places(source)
    marks: list[tuple[int, bool]] = []
    for out, captured in _outputs(tree):
        marked: list[nodes.Expr] = []
        for node in out.nodes:
            literal = isinstance(node, nodes.TemplateData)
            place = next(texts if literal else values, None)
            if place is None or len(marks) >= _MOST:
                return None
            if not captured:
                marked.append(nodes.TemplateData(chr(_FIRST + len(marks)), lineno=node.lineno))
                marks.append((place, literal))
            marked.append(node)
        out.nodes = marked
    return marks


def _outputs(node: nodes.Node, captured: bool = False) -> Iterator[tuple[nodes.Output, bool]]:
    """What writes, in the order of the source, and whether that goes into a value instead of the output."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Output):
            yield child, captured
        elif isinstance(child, nodes.Stmt):
            inside = captured or isinstance(child, _CAPTURING) or (isinstance(child, nodes.For) and child.recursive)
            yield from _outputs(child, inside)


def _places(source: str) -> tuple[Iterator[int], Iterator[int]]:
    """Where each piece of literal text, and each `<%`, begins."""
    texts: list[int] = []
    values: list[int] = []
    position = 0
    for _, kind, value in environment().lex(source):
        if not value:
            continue
        position = source.index(value, position)
        if kind == "data":
            texts.append(position)
        elif kind == "variable_begin":
            values.append(position)
        position += len(value)
    return iter(texts), iter(values)


def _pieces(marked: str, places: list[tuple[int, bool]]) -> Iterator[_Piece]:
    for seen, marker in enumerate(_MARKER.finditer(marked)):
        offset, literal = places[ord(marker.group()) - _FIRST]
        yield _Piece(marker.start() - seen, offset, literal)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return len(text)
    return start + column - 1


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
