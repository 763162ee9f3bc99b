"""Where things stand: a second reading of a file, for the few files that have findings.

Recording positions while loading would cost a third of the time and most of the memory, and nearly no document has a
finding. So a document keeps its text, and this module reads it again when the first position is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
)

from cluster_stacks.documents.loader import Parser
from cluster_stacks.documents.scalars import MERGE_KEY, ScalarError, key_of, resolve, tagged


@dataclass(slots=True)
class Node:
    """One value in the text, with the parser's marks. `children` of a mapping are its keys and values in turn.

    `key` is what a scalar is called where it is a key: None for containers and for what JSON has no form for. `target`
    is the value that an alias stands for.
    """

    start: Any
    end: Any
    mapping: bool = False
    flow: bool = True
    key: str | None = None
    merge: bool = False
    target: Node | None = None
    children: list[Node] = field(default_factory=list)
    _pairs: dict[str, tuple[Node, Node]] | None = None

    def pairs(self) -> dict[str, tuple[Node, Node]]:
        """A mapping's own keys and values by key, merges left out. Kept, because a mapping may have many findings."""
        if self._pairs is None:
            both = zip(self.children[::2], self.children[1::2], strict=False)
            # Of equal keys the first counts: a duplicate is refused before anybody asks.
            named = [(key.key, (key, value)) for key, value in both if key.key is not None and not key.merge]
            self._pairs = dict(reversed(named))
        return self._pairs

    def resolved(self) -> Node:
        return self.target or self

    def close(self, end: Any) -> None:
        """A block ends for the parser where the next thing begins; for people it ends with its last value."""
        self.end = end if self.flow or not self.children else self.children[-1].end


def read(data: bytes, most: int | None = None) -> dict[int, Node]:
    """The values of a text that `Loader` has read, by the number of their event; those of the first `most` events.

    Ends without complaint where the text does not parse: what the caller asks for stands before that.
    """
    get_event = Parser(data).get_event
    found: dict[int, Node] = {}
    anchors: dict[str, Node] = {}
    stack: list[Node] = []
    number = 0
    try:
        while number != most and (event := get_event()) is not None:
            if isinstance(event, DocumentStartEvent):
                anchors = {}
            elif isinstance(event, CollectionEndEvent):
                stack.pop().close(event.end_mark)
            elif isinstance(event, ScalarEvent | CollectionStartEvent | AliasEvent):
                node = found[number] = _node(event, anchors)
                if stack:
                    stack[-1].children.append(node)
                if isinstance(event, CollectionStartEvent):
                    stack.append(node)
            number += 1
    except YAMLError:
        return found
    return found


def _node(event: Any, anchors: dict[str, Node]) -> Node:
    node = Node(event.start_mark, event.end_mark)
    if isinstance(event, AliasEvent):
        node.target = anchors.get(event.anchor or "")
        node.key = node.target.key if node.target else None
        return node
    if isinstance(event, ScalarEvent):
        node.merge = event.value == MERGE_KEY and event.implicit[0]
        node.key = _key(event)
    else:
        node.mapping = isinstance(event, MappingStartEvent)
        node.flow = bool(event.flow_style)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _key(event: Any) -> str | None:
    try:
        if event.tag is not None:
            return key_of(tagged(event.value, event.tag))
        return key_of(resolve(event.value)) if event.implicit[0] else str(event.value)
    except ScalarError:
        return None


def walk(root: Node, pointer: tuple[str | int, ...], *, key: bool) -> Node:
    """The node of the value at `pointer`, or of its key; the nearest one above it where there is none."""
    node = root
    for step, part in enumerate(pointer, 1):
        pair = _child(node.resolved(), part)
        if pair is None:
            return node
        node = pair[0] if key and step == len(pointer) else pair[1]
    return node


def own(node: Node, key: str) -> Node | None:
    """The value that a mapping itself has under a key: no aliases, no merges."""
    pairs = zip(node.children[::2], node.children[1::2], strict=False) if node.mapping else ()
    return next((value for name, value in pairs if name.key == key and not name.merge), None)


def _child(node: Node, part: str | int) -> tuple[Node, Node] | None:
    if not node.mapping:
        item = node.children[part] if isinstance(part, int) and 0 <= part < len(node.children) else None
        return (item, item) if item else None
    found = node.pairs().get(str(part))
    if found is not None:
        return found
    pairs = zip(node.children[::2], node.children[1::2], strict=False)
    return next(filter(None, (_merged(value.resolved(), part) for key, value in pairs if key.merge)), None)


def _merged(value: Node, part: str | int) -> tuple[Node, Node] | None:
    sources = [value] if value.mapping else value.children
    return next(filter(None, (_child(source.resolved(), part) for source in sources)), None)
