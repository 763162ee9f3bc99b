"""The steps that a machine is built of: selections, logic and calls, on frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cluster_stacks.validation.cel.frame import Frame, Run
from cluster_stacks.validation.cel.functions import Overload, takes
from cluster_stacks.validation.cel.syntax import EvaluationError, Unevaluated
from cluster_stacks.validation.cel.types import Type
from cluster_stacks.validation.cel.values import NONE, Optional, no_overload

MISSING = object()
"""What stands for a field that is not there."""


def inner_convert(kind: Type) -> Callable[[object], object] | None:
    """How a value within an optional one becomes one of its type."""
    return getattr(kind.params[0], "convert", None) if kind.params else None


def finder(key: str, *, typed: bool) -> Callable[[object], object]:
    """Gives the value of a field, or MISSING; a field of an object that is null is not there."""

    def find(holder: object) -> object:
        if type(holder) is not dict and not isinstance(holder, Mapping):
            if isinstance(holder, Optional):
                return MISSING if holder is NONE else find(holder.value)
            raise EvaluationError(f"no such overload: selection of {key} in {type(holder).__name__}")
        if typed:
            found = holder.get(key)
            return MISSING if found is None else found
        return holder.get(key, MISSING)

    return find


def optional_field(operand: Run, find: Callable[[object], object], convert: Any) -> Run:
    """`operand.?field`."""
    def run(frame: Frame) -> object:
        found = find(operand(frame))
        if found is MISSING:
            return NONE
        return Optional(convert(found) if convert else found)

    return run


def all_of(runs: list[Run], decides: bool) -> Run:
    """`&&` and `||`: the value that decides wins over errors of the others."""

    def run(frame: Frame) -> object:
        failed: EvaluationError | None = None
        for each in runs:
            try:
                value = each(frame)
            except Unevaluated:
                raise
            except EvaluationError as error:
                failed = failed or error
                continue
            if value is decides:
                return decides
            if type(value) is not bool:
                failed = failed or no_overload("_||_" if decides else "_&&_", value)
        if failed is not None:
            raise failed
        return not decides

    return run


def choice(test: Run, yes: Run, no: Run) -> Run:
    """`test ? yes : no`."""
    def run(frame: Frame) -> object:
        value = test(frame)
        if type(value) is not bool:
            raise no_overload("_?_:_", value)
        return yes(frame) if value else no(frame)

    return run


def otherwise(maybe: Run, other: Run, *, whole: bool) -> Run:
    """`maybe.or(other)` where `whole`, else `maybe.orValue(other)`: the other is asked for only where it is needed."""

    def run(frame: Frame) -> object:
        found = maybe(frame)
        if not isinstance(found, Optional):
            raise no_overload("or" if whole else "orValue", found)
        return other(frame) if found is NONE else found if whole else found.value

    return run


def direct(function: Callable[..., Any], runs: list[Run]) -> Run:
    """A call whose form is known when it is compiled."""
    if len(runs) == 1:
        only = runs[0]
        return lambda frame: function(only(frame))
    if len(runs) == 2:
        left, right = runs
        return lambda frame: function(left(frame), right(frame))
    return lambda frame: function(*[run(frame) for run in runs])


def dispatch(name: str, overloads: list[Overload], runs: list[Run]) -> Run:
    """Calls the form that takes the values, where their types are known no sooner."""

    def run(frame: Frame) -> object:
        values = [each(frame) for each in runs]
        for overload in overloads:
            if all(map(takes, overload.params, values)):
                return overload.run(*values)
        raise no_overload(name, *values)

    return run
