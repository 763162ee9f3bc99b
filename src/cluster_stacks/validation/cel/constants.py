"""What the API server works out when it compiles: constants that are no pattern, no time, no number."""

from __future__ import annotations

from cluster_stacks.validation.cel.functions import Overload
from cluster_stacks.validation.cel.library.formatting import clauses, takes
from cluster_stacks.validation.cel.patterns import pattern_error
from cluster_stacks.validation.cel.syntax import Call, CompileError, EvaluationError, ListOf, Literal, Node
from cluster_stacks.validation.cel.times import parse_date_time, parse_duration

_CONVERSIONS = frozenset(("int", "uint", "double", "bool", "string", "bytes", "duration", "timestamp"))


def check_constants(node: Call) -> None:
    """Refuses patterns, times and formats that are none. Raises CompileError."""
    if node.function == "format" and isinstance(node.target, Literal) and isinstance(node.target.value, str):
        _format(node, node.target.value)
    last = node.args[-1] if node.args else None
    if not isinstance(last, Literal) or not isinstance(last.value, str):
        return
    if node.function == "matches" and (error := pattern_error(last.value)):
        raise CompileError(f"invalid matches argument: {error}", last.at)
    try:
        if node.function == "duration" and node.target is None:
            parse_duration(last.value)
        elif node.function == "timestamp" and node.target is None:
            parse_date_time(last.value, dates=False)
    except EvaluationError as error:
        raise CompileError(f"invalid {node.function} argument: {error}", last.at) from error


def _format(node: Call, text: str) -> None:
    given = node.args[0] if node.args else None
    try:
        letters = list(clauses(text))
    except EvaluationError as error:
        raise CompileError(str(error), node.at) from error
    if not isinstance(given, ListOf) or given.optional:
        return
    if len(letters) != len(given.items):
        message = f"format() has {len(letters)} clauses and {len(given.items)} arguments"
        raise CompileError(message, given.at)
    for letter, item in zip(letters, given.items, strict=True):
        if not takes(letter, item.type.name):
            raise CompileError(f"error during formatting: %{letter} does not take a {item.type}", item.at)


def check_conversion(node: Call, found: list[Overload]) -> None:
    """Refuses a constant that a conversion does not take (`int('x')`). Raises CompileError."""
    if node.function not in _CONVERSIONS or len(found) != 1 or len(node.args) != 1:
        return
    try:
        found[0].run(_constant(node.args[0]))
    except _NoConstantError:
        return
    except EvaluationError as error:
        raise CompileError(f"{node.function}() cannot take this constant: {error}", node.args[0].at) from error


class _NoConstantError(Exception):
    pass


def _constant(node: Node) -> object:
    """The value of a constant, or of conversions of one. Raises _NoConstantError where it is none."""
    if isinstance(node, Literal):
        return node.value
    overload = node.overloads[0] if isinstance(node, Call) and len(node.overloads) == 1 else None
    if not isinstance(node, Call) or not isinstance(overload, Overload) or node.function not in _CONVERSIONS:
        raise _NoConstantError
    return overload.run(_constant(node.args[0]))
