"""What the API server, and Cluster API for a variable, refuses of the rules in a schema itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cluster_stacks.validation.cel.call_cost import MOST, times
from cluster_stacks.validation.cel.declared import Schema
from cluster_stacks.validation.cel.places import RULES, Place, Rule, places_of
from cluster_stacks.validation.cel.programs import NO_TYPE, Program
from cluster_stacks.validation.cel.syntax import CelError
from cluster_stacks.validation.cel.types import REQUEST

MOST_OF_RULE = 10_000_000
MOST_OF_SCHEMA = 100_000_000
_ROOT_LIST = (
    "Cluster API takes no rule directly on a variable that is a list: put the list into an object, and the rule on "
    "its field"
)
Pointer = tuple[str | int, ...]


class _Costs(NamedTuple):
    found: list[int]


def schema_problems(schema: Schema, pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    """The rules of a schema that do not compile, cost too much, or compare with what cannot be told.

    Gives the pointer to the rule's text (or its messageExpression), below `pointer`, and what is wrong with it.
    """
    place = places_of(schema, root=True)
    if place is None:
        return
    costs = _Costs([])
    for below, message in _judge(place, 1, costs, correlated=True):
        yield (*pointer, *below), message
    total = min(sum(costs.found), MOST)
    if total > MOST_OF_SCHEMA:
        yield (*pointer, RULES) if place.rules else pointer, (
            f"all rules of the schema together are too expensive, {_times(total, MOST_OF_SCHEMA)} the limit: "
            "bound lists, maps and texts by maxItems, maxProperties and maxLength"
        )


def _judge(place: Place, times_there: int | None, costs: _Costs, *, correlated: bool) -> Iterator[tuple[Pointer, str]]:
    for rule in place.rules:
        yield from _rule(rule, place, times_there, costs, correlated=correlated)
    below = _inside(place, times_there)
    for child in place.properties.values():
        yield from _judge(child, below, costs, correlated=correlated)
    if place.more is not None:
        yield from _judge(place.more, below, costs, correlated=correlated)
    if place.items is not None:
        # In a list of a variable no entry can be told from another.
        yield from _judge(place.items, below, costs, correlated=correlated and bool(place.keys))


def _rule(
    rule: Rule, place: Place, times_there: int | None, costs: _Costs, *, correlated: bool
) -> Iterator[tuple[Pointer, str]]:
    program = rule.program
    at = (*rule.pointer, "rule")
    if isinstance(program, CelError):
        is_list = program is NO_TYPE and place.schema.get("type") == "array"
        yield at, _ROOT_LIST if is_list else f"{program.message}{'' if program is NO_TYPE else _where(program)}"
        return
    yield from _expensive(program, place, times_there, costs, at)
    if program.uses_old_self and not correlated:
        yield at, "oldSelf cannot be used here: the old entry of a list cannot be told"
    saying = rule.saying
    at = (*rule.pointer, "messageExpression")
    if isinstance(saying, CelError):
        yield at, f"{saying.message}{_where(saying)}"
    elif saying is not None:
        yield from _expensive(saying, place, times_there, costs, at)


def _expensive(
    program: Program, place: Place, times_there: int | None, costs: _Costs, at: Pointer
) -> Iterator[tuple[Pointer, str]]:
    kind = place.kind
    often = times_there if times_there is not None else REQUEST // ((kind.least if kind else 1) + 1)
    cost = times(program.cost, often)
    costs.found.append(cost)
    if cost > MOST_OF_RULE:
        yield at, (
            f"the rule is too expensive, {_times(cost, MOST_OF_RULE)} the limit: simplify it, or bound lists, maps and "
            "texts by maxItems, maxProperties and maxLength"
        )


def _times(cost: int, limit: int) -> str:
    factor = cost / limit
    return "more than 100 times" if factor > 100 else f"{factor:.2f} times"


def _where(error: CelError) -> str:
    return f" (column {error.column})" if error.line == 1 else f" (line {error.line}, column {error.column})"


def _inside(place: Place, times_there: int | None) -> int | None:
    """How often what is below a place can stand in a value; None: no bound."""
    schema = place.schema
    most = 1
    if schema.get("type") == "array" or (schema.get("type") == "object" and schema.get("additionalProperties")):
        limit = schema.get("maxItems" if schema.get("type") == "array" else "maxProperties")
        if not isinstance(limit, int):
            return None
        most = max(limit, 0)
    return None if times_there is None else times(times_there, most)
