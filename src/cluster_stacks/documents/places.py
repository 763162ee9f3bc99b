"""Which value a place in the text of a YAML file belongs to: what tells content from comments and prose."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Any, NamedTuple

from yaml import YAMLError
from yaml.events import AliasEvent, CollectionEndEvent, DocumentStartEvent, MappingStartEvent, ScalarEvent

from cluster_stacks.documents.loader import Parser
from cluster_stacks.documents.syntax import BOM


class Scalar(NamedTuple):
    """One scalar, from character `start` up to `end`. `pointer` leads to it; that of a key is the key's value's."""

    start: int
    end: int
    pointer: tuple[str | int, ...]


@lru_cache(maxsize=8)  # one file gives many findings
def scalars(data: bytes) -> tuple[Scalar, ...] | None:
    """All scalars of all documents of a file in their order; None where it is no YAML."""
    try:
        get_event = Parser(data.removeprefix(BOM)).get_event
        return tuple(_scalars(get_event))
    except (YAMLError, UnicodeDecodeError):
        return None


def scalar_at(data: bytes, index: int) -> Scalar | None:
    """The scalar that the byte at `index` belongs to; None between scalars, and where the file is no YAML."""
    found = scalars(data)
    if not found:
        return None
    bom = len(BOM) if data.startswith(BOM) else 0
    place = len(data[bom:index].decode("utf-8", "replace"))
    nearest = bisect_right(found, place, key=lambda scalar: scalar.start) - 1
    return found[nearest] if nearest >= 0 and place < found[nearest].end else None


class _Open:
    """A collection that is being read: which key or index comes next."""

    __slots__ = ("index", "key", "mapping", "pointer")

    def __init__(self, pointer: tuple[str | int, ...], *, mapping: bool) -> None:
        self.pointer, self.mapping = pointer, mapping
        self.key: str | None = None
        self.index = 0

    def place(self, text: str | None) -> tuple[str | int, ...]:
        """The pointer of the next node, whose text is given where it is a scalar; goes on to the one after."""
        if not self.mapping:
            self.index += 1
            return (*self.pointer, self.index - 1)
        if self.key is None:
            self.key = text or ""
            return (*self.pointer, self.key)
        key, self.key = self.key, None
        return (*self.pointer, key)


def _scalars(get_event: Any) -> list[Scalar]:
    found: list[Scalar] = []
    stack: list[_Open] = []
    while (event := get_event()) is not None:
        if isinstance(event, DocumentStartEvent):
            stack = []
        elif isinstance(event, CollectionEndEvent):
            stack.pop()
        elif isinstance(event, ScalarEvent):
            pointer = stack[-1].place(event.value) if stack else ()
            assert event.start_mark is not None, "the parser marks what it reads"
            assert event.end_mark is not None, "the parser marks what it reads"
            found.append(Scalar(event.start_mark.index, event.end_mark.index, pointer))
        elif isinstance(event, AliasEvent):
            if stack:
                stack[-1].place(None)
        elif hasattr(event, "flow_style"):  # a collection begins
            pointer = stack[-1].place(None) if stack else ()
            stack.append(_Open(pointer, mapping=isinstance(event, MappingStartEvent)))
    return found
