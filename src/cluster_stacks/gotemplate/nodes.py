"""The tree of a template. `at` is an offset into its text, in characters, at the place that Go's errors name.

Plain classes: they are made by the thousand, and a dataclass costs every start of the program a millisecond.
"""

from __future__ import annotations

from typing import Any


class Text:
    __slots__ = ("at", "text")

    def __init__(self, at: int, text: str) -> None:
        self.at = at
        self.text = text


class Literal:
    """A constant: `value` as an interface{} takes it; numbers keep what else they can be."""

    __slots__ = ("at", "floating", "integer", "kind", "source", "value")

    def __init__(
        self, at: int, source: str, kind: str, value: Any, integer: int | None = None, floating: float | None = None,
    ) -> None:
        self.at = at
        self.source = source
        self.kind = kind
        self.value = value
        self.integer = integer
        self.floating = floating


class Dot:
    __slots__ = ("at", "source")

    def __init__(self, at: int, source: str = ".") -> None:
        self.at = at
        self.source = source


class Field:
    """`.a.b`; `$x.a.b` and `$` where `variable` is set; `(…).a.b` where `of` is."""

    __slots__ = ("at", "names", "of", "source", "variable")

    def __init__(
        self, at: int, source: str, names: tuple[str, ...], variable: str = "", of: Node | None = None,
    ) -> None:
        self.at = at
        self.source = source
        self.names = names
        self.variable = variable
        self.of = of


class Function:
    __slots__ = ("at", "source")

    def __init__(self, at: int, source: str) -> None:
        self.at = at
        self.source = source


class Command:
    __slots__ = ("arguments", "at")

    def __init__(self, at: int, arguments: list[Node]) -> None:
        self.at = at
        self.arguments = arguments


class Pipe:
    """`$a, $b := command | command`; `source` is its text."""

    __slots__ = ("assigns", "at", "commands", "declared", "source")

    def __init__(self, at: int) -> None:
        self.at = at
        self.source = ""
        self.declared: list[str] = []
        self.assigns = False
        self.commands: list[Command] = []


class Action:
    __slots__ = ("at", "pipe")

    def __init__(self, at: int, pipe: Pipe) -> None:
        self.at = at
        self.pipe = pipe


class Branch:
    """`if` or `with`, its `else if`s flat: each pipeline with its body, and the last else."""

    __slots__ = ("at", "branches", "is_with", "otherwise")

    def __init__(
        self, at: int, is_with: bool, branches: list[tuple[Pipe, list[Item]]], otherwise: list[Item] | None,
    ) -> None:
        self.at = at
        self.is_with = is_with
        self.branches = branches
        self.otherwise = otherwise


class Range:
    __slots__ = ("at", "body", "otherwise", "pipe")

    def __init__(self, at: int, pipe: Pipe, body: list[Item], otherwise: list[Item] | None) -> None:
        self.at = at
        self.pipe = pipe
        self.body = body
        self.otherwise = otherwise


class Call:
    """`{{ template "name" pipeline }}`."""

    __slots__ = ("at", "name", "pipe")

    def __init__(self, at: int, name: str, pipe: Pipe | None) -> None:
        self.at = at
        self.name = name
        self.pipe = pipe


class Jump:
    """`{{ break }}` or `{{ continue }}`."""

    __slots__ = ("at", "is_break")

    def __init__(self, at: int, is_break: bool) -> None:
        self.at = at
        self.is_break = is_break


Node = Literal | Dot | Field | Function | Pipe
Item = Text | Action | Branch | Range | Call | Jump


def is_empty(items: list[Item]) -> bool:
    """Whether nothing but white space stands there: such a definition may be defined again."""
    return all(isinstance(item, Text) and not item.text.strip() for item in items)
