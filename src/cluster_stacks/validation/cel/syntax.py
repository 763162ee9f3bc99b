"""What a CEL expression is made of, and how it can be wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cluster_stacks.validation.cel.types import Type


@dataclass(frozen=True, slots=True)
class CelError:
    """Why an expression does not compile; `offset` counts from 0, `line` and `column` from 1, in the rule's text."""

    message: str
    offset: int = 0
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return self.message


class CompileError(Exception):
    """An expression that does not compile; `offset` is where in its text."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset

    def located(self, text: str) -> CelError:
        """The error with line and column."""
        before = text[: self.offset]
        line = before.count("\n") + 1
        return CelError(str(self), self.offset, line, self.offset - (before.rfind("\n") + 1) + 1)


class EvaluationError(Exception):
    """An evaluation without a result: no such key, division by zero … The API server then refuses the object."""


class Unevaluated(EvaluationError):  # noqa: N818 — reads as what it is
    """We cannot evaluate this, or not in bounded time; the API server perhaps can. Never a pass."""


@dataclass(slots=True, eq=False)
class Node:
    """A part of an expression; `at` is where it begins (for calls and selections: where the name stands).

    `type` is filled in by the checker.
    """

    at: int
    type: Type = field(init=False, repr=False)


@dataclass(slots=True, eq=False)
class Literal(Node):
    """A constant: None, bool, int, Uint, float, str or bytes."""

    value: object


@dataclass(slots=True, eq=False)
class Name(Node):
    """A variable, or a type by its name."""

    name: str


@dataclass(slots=True, eq=False)
class Select(Node):
    """`operand.field`, `has(operand.field)` where `test`, `operand.?field` where `optional`."""

    operand: Node
    field_name: str
    test: bool = False
    optional: bool = False


@dataclass(slots=True, eq=False)
class Call(Node):
    """A function or operator (`_+_`, `_[_]`, `_?_:_` …); `&&` and `||` have any number of arguments."""

    function: str
    args: list[Node]
    target: Node | None = None
    overloads: tuple[object, ...] = ()


@dataclass(slots=True, eq=False)
class ListOf(Node):
    """`[a, ?b]`: `optional` holds the places of the elements with a question mark."""

    items: list[Node]
    optional: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class MapOf(Node):
    """`{a: b, ?c: d}`."""

    entries: list[tuple[Node, Node]]
    optional: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class Fold(Node):
    """A macro over a list or map: all, exists, existsOne, map, filter, transformList, transformMap(Entry), sortBy.

    `second` is the variable of values where there are two; `condition` is the filter of `map` and `transform…`.
    """

    kind: str
    over: Node
    first: str
    second: str
    condition: Node | None
    body: Node


@dataclass(slots=True, eq=False)
class Bind(Node):
    """`operand.optMap(name, body)`; `flat` for optFlatMap."""

    operand: Node
    name: str
    body: Node
    flat: bool
