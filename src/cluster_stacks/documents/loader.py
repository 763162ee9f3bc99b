"""Builds plain data from the parser's events: bounded, without recursion, and fast.

PyYAML's own constructors are not used: its C composer dies of deep nesting, it reads dates and numbers its own way, and
an event loop is twice as fast. No position is recorded here; `nodes` finds it when a finding asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from cluster_stacks.documents import mappings, rules
from cluster_stacks.documents.scalars import ScalarError, Scalars, tagged, without_merge
from cluster_stacks.documents.syntax import Limits
from cluster_stacks.documents.words import shown

try:
    from yaml._yaml import CParser as Parser
except ImportError:  # PyYAML was built without libyaml: slower, the same events
    from yaml.loader import SafeLoader as Parser  # type: ignore[assignment]

__all__ = ["BadEvent", "Loaded", "Loader", "Parser"]

_Append = Callable[[Any], None]
_CONTAINER_TAGS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


class BadEvent(Exception):  # noqa: N818 — what it says; `yaml` makes the finding
    """Something that the parser accepts and this project does not: at `event`."""

    def __init__(self, rule: str, message: str, event: Any) -> None:
        super().__init__(message)
        self.rule, self.message, self.event = rule, message, event


class _Frame(NamedTuple):
    """A container that has begun: what its parent holds so far, the number of its first event, and its anchor."""

    parent: list[Any]
    event: int
    anchor: str | None


class Loaded(NamedTuple):
    """One document: its data, the number of its first value's event and the line (from 1) that it begins in."""

    value: Any
    event: int
    line: int


class Loader:
    """Reads one stream."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._get_event: Callable[[], Any] = Parser(data).get_event
        self._limits = limits
        self._scalars = Scalars()
        self._items: list[Any] = []
        self._frames: list[_Frame] = []
        self._anchors: dict[str, Any] = {}
        self._aliased = 0
        self._number = 0
        self._separator = -1

    def documents(self) -> Iterator[Loaded]:
        """The documents that are not empty. Raises BadEvent, BadChild, and the parser's YAMLError."""
        get_event, scalars, handlers = self._get_event, self._scalars, _HANDLERS
        append = self._items.append
        for number in range(self._limits.nodes):
            event = get_event()
            kind = event.__class__
            if kind is ScalarEvent and event.anchor is None:
                # The hot path: four of five events. Everything else may take its time.
                if event.implicit[0]:
                    try:
                        append(scalars[event.value])
                    except ScalarError as error:
                        raise BadEvent(rules.UNSUPPORTED, str(error), event) from None
                    continue
                if event.tag is None:
                    append(event.value)
                    continue
            self._number = number
            if kind is DocumentStartEvent:
                append, start, line = self._begin(event), number + 1, event.start_mark.line + 1
            elif kind is DocumentEndEvent:
                if self._items[0] is not None:
                    yield Loaded(without_merge(self._items[0]), start, line)
            elif kind is StreamEndEvent:
                return
            else:
                append = handlers[kind](self, event)
        raise BadEvent(rules.LIMIT, f"the file holds more than {self._limits.nodes:,} values: split it", event)

    def _begin(self, event: Any) -> _Append:
        if event.version or event.tags:
            raise BadEvent(rules.UNSUPPORTED, "Kubernetes reads no directives: remove the lines with a %", event)
        self._items, self._anchors = [], {}
        self._separator = event.start_mark.line if event.explicit else -1
        return self._items.append

    def _stream(self, _: Any) -> _Append:
        return self._items.append

    def _scalar(self, event: Any) -> _Append:
        """A scalar with a tag or an anchor."""
        try:
            if event.tag is not None:
                value: Any = tagged(event.value, event.tag)
            else:
                value = self._scalars[event.value] if event.implicit[0] else event.value
        except ScalarError as error:
            raise BadEvent(rules.UNSUPPORTED, str(error), event) from None
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        self._items.append(value)
        return self._items.append

    def _start(self, event: Any) -> _Append:
        if event.tag is not None and event.tag not in _CONTAINER_TAGS:
            raise BadEvent(rules.UNSUPPORTED, f"the tag {shown(event.tag)} has no form in JSON: remove it", event)
        self._check_depth(len(self._frames), event)
        if not self._frames and event.start_mark.line == self._separator:
            message = "content on the line of its '---', which Kubernetes drops: move it to the next line"
            raise BadEvent(rules.UNSUPPORTED, message, event)
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        self._frames.append(_Frame(self._items, self._number, event.anchor))
        self._items = []
        return self._items.append

    def _end_sequence(self, _: Any) -> _Append:
        items = self._items
        return self._close([without_merge(item) for item in items] if self._scalars.merges else items)

    def _end_mapping(self, _: Any) -> _Append:
        try:
            return self._close(mappings.build(self._items, self._scalars.merges))
        except mappings.BadChild as bad:
            bad.container = self._frames[-1].event
            raise

    def _close(self, value: Any) -> _Append:
        frame = self._frames.pop()
        if frame.anchor is not None:
            self._anchors[frame.anchor] = value
        self._items = frame.parent
        self._items.append(value)
        return self._items.append

    def _alias(self, event: Any) -> _Append:
        name, short = event.anchor, event.anchor[:40]
        if any(frame.anchor == name for frame in self._frames):
            raise BadEvent(rules.UNSUPPORTED, f"*{short} stands inside its own anchor: write the value out", event)
        if name not in self._anchors:
            raise BadEvent(rules.SYNTAX, f"no anchor &{short} stands before this alias: write the value out", event)
        self._items.append(self._copy(self._anchors[name], len(self._frames), event))
        return self._items.append

    def _copy(self, value: Any, depth: int, event: Any) -> Any:
        """A copy for an alias, so that no two places share a container. Counted, and as deep as allowed."""
        self._aliased += 1
        if self._aliased > self._limits.aliases:
            raise BadEvent(rules.LIMIT, f"aliases add more than {self._limits.aliases:,} values: write them out", event)
        if not isinstance(value, dict | list):
            return value
        self._check_depth(depth, event)
        if isinstance(value, dict):
            return {key: self._copy(item, depth + 1, event) for key, item in value.items()}
        return [self._copy(item, depth + 1, event) for item in value]

    def _check_depth(self, depth: int, event: Any) -> None:
        if depth >= self._limits.depth:
            message = f"more than {self._limits.depth} levels of nesting: no manifest needs them"
            raise BadEvent(rules.LIMIT, message, event)


_HANDLERS: dict[type, Callable[[Loader, Any], _Append]] = {
    StreamStartEvent: Loader._stream,
    ScalarEvent: Loader._scalar,
    AliasEvent: Loader._alias,
    SequenceStartEvent: Loader._start,
    SequenceEndEvent: Loader._end_sequence,
    MappingStartEvent: Loader._start,
    MappingEndEvent: Loader._end_mapping,
}
