"""What is wrong with the texts of a patch by themselves, without trying it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cluster_stacks.gotemplate.reading import EACH
from cluster_stacks.model.near import near_names
from cluster_stacks.validation.capi import builtins
from cluster_stacks.validation.capi.desired import Kind, field_at
from cluster_stacks.validation.capi.paths import (
    Missing,
    Schema,
    child_of,
    fields_of,
    first_name,
    into_variable,
    is_number,
    items_of,
    segments,
    steps,
    type_of,
)
from cluster_stacks.validation.capi.view import JsonPatch, Variable
from cluster_stacks.validation.index import KindInfo

Variables = Mapping[str, Variable]
_LARGEST = 2**63
_MOST = 4096
_FIELDS: dict[tuple[str, KindInfo, bool, int], tuple[str, Schema]] = {}
_IS = {"string": "a text", "integer": "a number", "number": "a number", "boolean": "true or false"}


def bad_index(operation: JsonPatch) -> str:
    """Why Cluster API refuses the numbers in an operation's path; empty where it does not."""
    for segment in operation.path.split("/"):
        if not is_number(segment) or len(segment) > 20 or abs(int(segment)) >= _LARGEST:
            continue
        if operation.op in ("replace", "remove"):
            return f"{operation.op} cannot name an element of a list ({segment}): replace the whole list instead"
        if operation.op == "add" and int(segment) != 0:
            return f"add can only append to a list (-) or put in front (0), not at {segment}"
    return ""


def unknown_variable(variable: str, declared: Iterable[str]) -> str:
    """Why the webhook refuses a `valueFrom.variable`; empty where it does not."""
    name = first_name(variable)
    known = list(declared)
    if variable in builtins.NAMES and variable != builtins.NAME if variable.startswith("builtin.") else name in known:
        return ""
    if variable.startswith("builtin."):
        return f"Cluster API has no variable {variable!r}{_near(variable, sorted(builtins.NAMES))}"
    if name == "builtin":
        return "builtin as a whole cannot be put in: name one of its fields, builtin.cluster.name for example"
    return f"the class declares no variable {name!r}{_near(name, known)}" if name else "this names no variable"


def _near(name: str, known: list[str]) -> str:
    near = near_names(name, known)
    return f": did you mean {near[0]!r}?" if near else ""


def bad_variable_path(variable: str, variables: Variables) -> str:
    """Why there can be nothing at the path of a `valueFrom.variable`; empty where there can, or another says it."""
    path = steps(variable)
    if path is None:
        return f"{variable!r} cannot be read: write name.field, or name[0].field for an item of a list"
    declared = variables.get(path[0].name)
    found = into_variable(declared.schema, path) if declared else {}
    return _said(found, path[0].name) if isinstance(found, Missing) else ""


def bad_path(path: tuple[str, ...], variables: Variables) -> str:
    """Why there can be nothing at a path of a template; empty where there can."""
    if not path:
        return ""
    name = path[0]
    if name == builtins.NAME:
        schema: Schema = builtins.anywhere()
    elif name in variables:
        schema = variables[name].schema
    else:
        near = near_names(name, [*variables, builtins.NAME])
        return f"the class has no variable {name!r}" + (f": did you mean {near[0]!r}?" if near else "")
    reached = name
    for part in path[1:]:
        child = _each(schema) if part == EACH else child_of(schema, part)
        if child is None:
            return "" if part == EACH else _said(Missing(reached, part, fields_of(schema), type_of(schema)), name)
        if not child:
            return ""
        schema = child
        reached += part if part == EACH else f".{part}"
    return ""


def _each(schema: Schema) -> Schema | None:
    items = items_of(schema)
    if items is not None:
        return items
    more = schema.get("additionalProperties")
    return more if isinstance(more, dict) and not fields_of(schema) else {}


def _said(missing: Missing, variable: str) -> str:
    reached = missing.reached or variable
    if missing.name.startswith("["):
        return f"{reached} is no list"
    if missing.kind == "array":
        return f"{reached} is a list, and has no field {missing.name!r}: take an item of it"
    if missing.kind in _IS:
        return f"{reached} is {_IS[missing.kind]}, and has no field {missing.name!r}"
    near = near_names(missing.name, missing.known)
    if near:
        return f"{reached} has no field {missing.name!r}: did you mean {near[0]!r}?"
    listed = f": it may have {', '.join(missing.known[:8])}" if missing.known else ""
    return f"{reached} has no field {missing.name!r}{listed}"


def unknown_field(path: str, kind: Kind) -> str:
    """What a kind lacks on the way of an operation's path; empty where it lacks nothing."""
    key = (path, kind.info, kind.bare, id(kind.schema))
    found = _FIELDS.get(key)
    if found is None:
        if len(_FIELDS) >= _MOST:
            _FIELDS.clear()
        # The schema is kept with the answer: no other one may get its address.
        found = _FIELDS[key] = (_unknown_field(path, kind), kind.schema)
    return found[0]


def _unknown_field(path: str, kind: Kind) -> str:
    found = field_at(segments(path), kind) if path.startswith("/spec/") else None
    if not isinstance(found, Missing):
        return ""
    place = found.reached or kind.info.kind
    if found.kind == "array":
        return f"{kind.info.kind}: {place} is a list: add to it with - at its end, or replace it as a whole"
    if found.kind not in ("object", ""):
        return f"{kind.info.kind}: {place} has no fields, so nothing can be put below it"
    near = near_names(found.name, found.known)
    hint = f": did you mean {near[0]!r}?" if near else ""
    if not hint and 0 < len(found.known) <= 8:
        hint = f": it may have {', '.join(found.known)}"
    return f"{kind.info.kind}: {place} has no field {found.name!r}{hint}"
