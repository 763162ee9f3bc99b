"""Values that a variable may have, to see what patches make of them: its default, its choices, and a few more.

What a schema allows is not enumerable; what classes decide by mostly is: choices, switches, and whether something is
given at all. Texts and numbers that nothing in the schema suggests are `invented`: their form says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cluster_stacks.validation.capi.paths import Schema, type_of
from cluster_stacks.validation.capi.view import Variable
from cluster_stacks.validation.defaults import defaulted

TEXT = "sample"
NUMBER = 3
MOST = 12
"""Values of one variable; a schema may list hundreds of choices."""
_DEPTH = 6


class _Absent:
    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""A variable that the Cluster does not set, and the class gives no default."""


class Sample(NamedTuple):
    """A value of a variable. `invented`: nothing in the schema suggests it, so that its form may be wrong."""

    value: object
    invented: bool = False


def samples(variable: Variable, *, printed: bool = True) -> tuple[Sample, ...]:
    """Values of a variable; the first is what a Cluster has that says nothing it need not say.

    Where no template prints the variable or asks for it, one text is as good as another.
    """
    schema = variable.schema
    found: list[Sample] = []
    if "default" in schema and schema["default"] is not None:
        found.append(Sample(_with_defaults(schema["default"], schema)))
    elif not variable.required:
        found.append(Sample(ABSENT))
    default = schema.get("default")
    same_to_all = not printed and isinstance(default, str) and default and "enum" not in schema
    for sample in () if same_to_all else _of(schema, 0):
        each = Sample(_with_defaults(sample.value, schema), sample.invented)
        if all(each.value is not other.value and not same(each.value, other.value) for other in found):
            found.append(each)
        if len(found) == MOST:
            break
    return tuple(found)


def same(one: object, other: object) -> bool:
    """Equal as JSON: true is not 1."""
    return one == other and repr(one) == repr(other)


def _with_defaults(value: object, schema: Schema) -> object:
    return defaulted(value, schema)


def _of(schema: Schema, depth: int) -> Iterator[Sample]:
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        yield from (Sample(choice) for choice in choices)
        return
    kind = type_of(schema)
    if "example" in schema and schema["example"] is not None and _is(schema["example"], kind):
        yield Sample(schema["example"])
    if kind == "boolean":
        yield from (Sample(True), Sample(False))
    elif kind == "string":
        yield Sample(TEXT, invented=True)
        if schema.get("default") is not None and not schema.get("minLength") and "pattern" not in schema:
            yield Sample("", invented=schema["default"] != "")
    elif kind in ("integer", "number"):
        yield from _numbers(schema)
    elif kind == "array":
        yield from _lists(schema, depth)
    elif kind == "object":
        yield from _mappings(schema, depth)


def _is(value: object, kind: str) -> bool:
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool}
    return isinstance(value, kinds[kind]) if kind in kinds else not isinstance(value, dict | list | str)


def _numbers(schema: Schema) -> Iterator[Sample]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(low, int) and isinstance(high, int):
        yield Sample(low)
        yield Sample(high)
    elif isinstance(low, int):
        yield Sample(max(low, NUMBER), invented=True)
    else:
        yield Sample(min(high, NUMBER) if isinstance(high, int) else NUMBER, invented=True)
    if low == 0 or (low is None and schema.get("default") == 0):
        yield Sample(0)


def _lists(schema: Schema, depth: int) -> Iterator[Sample]:
    items = schema.get("items")
    least = schema.get("minItems")
    count = least if isinstance(least, int) and 0 < least < 8 else 1
    if isinstance(items, Mapping) and depth < _DEPTH:
        for one in _of(items, depth + 1):
            yield Sample([_with_defaults(one.value, items)] * count, one.invented)
    if not least:
        yield Sample([])


def _mappings(schema: Schema, depth: int) -> Iterator[Sample]:
    """All fields given; then each with its other values; then only those that must be."""
    properties = schema.get("properties")
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping) and depth < _DEPTH:
        for one in _of(more, depth + 1):
            yield Sample({TEXT: one.value}, one.invented)
        yield Sample({})
        return
    if not isinstance(properties, Mapping) or depth >= _DEPTH:
        yield Sample({}, invented=not isinstance(properties, Mapping))
        return
    listed = schema.get("required")
    required = {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()
    values = {name: tuple(_of(child, depth + 1)) for name, child in properties.items() if isinstance(child, Mapping)}
    full = {name: found[0] for name, found in values.items() if found}
    yield _mapping(full)
    yield _mapping({name: found for name, found in full.items() if name in required})
    for name, found in values.items():
        for other in found[1:]:
            yield _mapping({**full, name: other})
        if found and name not in required:
            yield _mapping({key: value for key, value in full.items() if key != name})


def _mapping(fields: Mapping[str, Sample]) -> Sample:
    value = {name: sample.value for name, sample in fields.items()}
    return Sample(value, any(sample.invented for sample in fields.values()))
