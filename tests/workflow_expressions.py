"""GitHub's expressions, as far as the workflows use them: `${{ inputs.shards > 1 && format('{0}/x', runner.temp) }}`.

Grammar and coercions are those of GitHub's documentation ("Evaluate expressions in workflows and actions"): what is
missing is null, null and '' and false are equal to 0, texts compare without case, `&&` and `||` give an operand.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Functions: TypeAlias = Mapping[str, Callable[..., Any]]

TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|(&&|\|\||[=!<>]=|[!<>()\[\],.*]))")
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}
WORDS = {"true": True, "false": False, "null": None}
FUNCTIONS: Functions = {
    "format": lambda text, *values: re.sub(r"\{(\d+)\}", lambda found: shown(values[int(found[1])]), text),
    "fromJSON": json.loads,
    "join": lambda values, by=",": by.join(map(shown, values)),
    "contains": lambda where, what: what in (where or ()),
    "startsWith": lambda text, start: shown(text).lower().startswith(start.lower()),
    "hashFiles": lambda *_: "0" * 64,
}


def interpolated(text: object, context: Mapping[str, Any], functions: Functions) -> Any:
    """A value of a workflow with its expressions evaluated; one that is a single expression keeps its type."""
    if not isinstance(text, str):
        return text
    if (whole := re.fullmatch(r"\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*", text, re.DOTALL)) is not None:
        return evaluate(whole[1], context, functions)
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: shown(evaluate(found[1], context, functions)), text)


def evaluate(text: str, context: Mapping[str, Any], functions: Functions) -> Any:
    """The value of an expression. Raises AssertionError on what is none."""
    tokens, start = [], 0
    while text[start:].strip():
        found = TOKEN.match(text, start)
        assert found is not None, f"no expression: {text!r}, from {text[start:]!r}"
        tokens.append(found[0].strip())
        start = found.end()
    parser = _Parser(tokens, context, {**FUNCTIONS, **functions})
    value = parser.either()
    assert not parser.tokens, f"no expression: {text!r}, from {parser.tokens}"
    return value


def shown(value: object) -> str:
    """A value as it stands in a text."""
    if isinstance(value, (bool, type(None))):
        return "" if value is None else str(value).lower()
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


class _Parser:
    """Reads and evaluates at once; a side of `&&` that does not count is evaluated too, and harms nothing."""

    def __init__(self, tokens: list[str], context: Mapping[str, Any], functions: Functions) -> None:
        self.tokens, self.context, self.functions = tokens, context, functions

    def next_is(self, *wanted: str) -> str:
        """Takes the next token where it is one of these; else gives ''."""
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else ""

    def either(self) -> Any:
        value = self.both()
        while self.next_is("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self.next_is("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.one()
        if sign := self.next_is(*COMPARE):
            value = COMPARE[sign](*_alike(value, self.one()))
        return value

    def one(self) -> Any:
        if self.next_is("!"):
            return not self.one()
        if self.next_is("("):
            value = self.either()
            assert self.next_is(")"), self.tokens
            return value
        token = self.tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if re.match(r"-?\d", token):
            return float(token) if "." in token else int(token)
        if self.next_is("("):
            return self.functions[token](*self.arguments())
        return self.path(WORDS[token] if token in WORDS else self.context[token])

    def arguments(self) -> list[Any]:
        values: list[Any] = []
        while not self.next_is(")"):
            values.append(self.either())
            self.next_is(",")
        return values

    def path(self, value: Any) -> Any:
        while sign := self.next_is(".", "["):
            if sign == "[":
                name = self.either()
                assert self.next_is("]"), self.tokens
            elif (name := self.tokens.pop(0)) == "*":
                value = _All(value.values())
                continue
            value = _All(each.get(name) for each in value) if isinstance(value, _All) else _get(value, name)
        return value


class _All(list[Any]):
    """What `needs.*` is: the members, of each of which a key is taken."""


def _get(value: Any, name: Any) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both sides of a comparison, as GitHub compares them: texts without case, different types as numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower(), right.lower()
    return (left, right) if type(left) is type(right) and left is not None else (_number(left), _number(right))


def _number(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return float("nan")
