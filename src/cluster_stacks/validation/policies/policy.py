"""One policy: which objects it is for, and what it asks of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.cel.programs import Program, compile_expression
from cluster_stacks.validation.cel.syntax import CelError
from cluster_stacks.validation.cel.types import BOOL, DYN, STRING, Type

NAMES = ("object", "stack", "release", "variables")
_VARIABLES: Mapping[str, Type] = dict.fromkeys(NAMES, DYN)
_ANYTHING = Type("dyn")


@dataclass(frozen=True)
class Expression:
    """A text with its place in the policy: `rules.0.expression`."""

    text: str
    place: tuple[str | int, ...]
    wanted: Type = BOOL

    @cached_property
    def program(self) -> Program | CelError:
        """The expression, compiled, or why it does not compile."""
        return compile_expression(self.text, _VARIABLES, self.wanted)


@dataclass(frozen=True)
class PolicyRule:
    """An expression that must be true, and what is said where it is not."""

    expression: Expression
    message: str = ""
    message_expression: Expression | None = None
    severity: Severity = Severity.ERROR
    field_path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """Which objects: patterns as a shell has them; without any, all."""

    api_groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    stacks: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()

    @cached_property
    def _object(self) -> re.Pattern[str]:
        groups, kinds = (f"(?:{'|'.join(map(_pattern, each))})" for each in (self.api_groups or "*", self.kinds or "*"))
        return re.compile(f"{groups}/{kinds}")

    @cached_property
    def _stack(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_pattern, self.stacks)))

    def is_for(self, group: str, kind: str, layer: str, stack: str) -> bool:
        """Whether the policy is for such an object; what is of no stack is for no policy that names stacks."""
        if self._object.fullmatch(f"{group}/{kind}") is None:
            return False
        if self.layers and layer not in self.layers:
            return False
        return not self.stacks or self._stack.fullmatch(stack) is not None


@dataclass(frozen=True)
class Policy:
    """A policy of a file; `variables` are expressions by name, each may read those before it."""

    name: str
    path: str
    match: Match
    rules: tuple[PolicyRule, ...]
    variables: tuple[tuple[str, Expression], ...] = ()
    description: str = ""

    def expressions(self) -> list[Expression]:
        """All of it that must compile."""
        found = [expression for _, expression in self.variables]
        for rule in self.rules:
            found += [rule.expression, *([rule.message_expression] if rule.message_expression else [])]
        return found


def variable(text: str, place: tuple[str | int, ...]) -> Expression:
    """An expression whose value may be of any type."""
    return Expression(text, place, _ANYTHING)


def message(text: str, place: tuple[str | int, ...]) -> Expression:
    """An expression that gives a text."""
    return Expression(text, place, STRING)


def _pattern(glob: str) -> str:
    # translate() ends a pattern of its own.
    return translate(glob).removesuffix(r"\Z").removesuffix(r"\z")
