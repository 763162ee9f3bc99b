"""A value against the schema of a ClusterClass's variable, as Cluster API judges it.

In this order: defaults are filled in, then the schema is asked, nothing unknown may be left, and every CEL rule holds
(Cluster API 1.14: internal/topology/variables). Unlike the API server, Cluster API drops no nulls: one that nothing
makes nullable and no default replaces is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cluster_stacks.validation.capi.validator import Compiled, compiled, format_problems
from cluster_stacks.validation.defaults import defaulted
from cluster_stacks.validation.problem import Item, Pointer

WORD = "value"
RULES = '"x-kubernetes-validations"'
_SILENT = frozenset({"default", "description", "example"})
MOST = 20
"""Problems that are told of one value."""
Values = Mapping[str, object]


class ValueProblem(NamedTuple):
    """What is wrong with a value. `pointer` is below it; `unevaluated` says that a CEL rule could not be asked."""

    pointer: Pointer
    message: str
    unevaluated: bool = False


def filled(value: object, schema: Values) -> object:
    """The value with the defaults of the schema in it, as patches see it; the value itself may be replaced, if null."""
    if value is None and schema.get("nullable") is not True and schema.get("default") is not None:
        value = schema["default"]
    return _defaulted(value, schema)


def value_problems(
    schema: Values, value: object, *, closed: bool = True, cel: bool = True
) -> tuple[ValueProblem, ...]:
    """What Cluster API refuses of a value that has its defaults already (`filled`).

    Unless `closed`, fields that the schema does not know are taken, as those of an enum's values are; unless `cel`, its
    CEL rules are not asked. Nothing where the schema itself is not one that Cluster API takes: other rules judge that.
    """
    # Without what says nothing of the value: many variables differ in nothing else.
    text = json.dumps({key: said for key, said in schema.items() if key not in _SILENT}, default=str)
    made = compiled(text, closed=closed, key=WORD)
    if made is None:
        return ()
    document = {WORD: value}
    try:
        sound = made.validator.is_valid(document)
    except ValueError:
        return (ValueProblem((), f"{WORD} cannot be said in JSON"),)
    found = [] if sound else list(_schema_problems(made, document))
    if not found and '"format"' in text:
        found = [ValueProblem(at, f"{_place(at)} {wrong}") for at, wrong in format_problems(value, schema)]
    return tuple(found) or (tuple(_cel_problems(value, schema)) if cel and RULES in text else ())


def _defaulted(value: object, schema: Values) -> object:
    if not isinstance(value, dict | list):
        return value
    # Nulls stay: `defaulted` would drop those that the API server drops.
    return value if "None" in repr(value) else defaulted(value, schema)


def _schema_problems(made: Compiled, document: dict[str, object]) -> Iterator[ValueProblem]:
    from itertools import islice

    from cluster_stacks.validation.messages import problems_of

    item = Item(0, (), document)
    seen: set[Pointer] = set()
    for error in islice(made.validator.iter_errors(document), MOST):
        for problem in problems_of(error, item, made.schema):
            if problem.pointer not in seen:
                seen.add(problem.pointer)
                message = problem.message
                for ours, written in made.patterns.items():
                    message = message.replace(ours, written)
                yield ValueProblem(problem.pointer[1:], message)


def _cel_problems(value: object, schema: Values) -> Iterator[ValueProblem]:
    from cluster_stacks.validation.cel import violations

    for found in violations(schema, value):
        yield ValueProblem(found.pointer, found.message, found.unevaluated)


def _place(pointer: Pointer) -> str:
    return WORD + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in pointer)
