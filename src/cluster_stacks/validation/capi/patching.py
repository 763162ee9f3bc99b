"""Applies the patches of a class to its templates, offline: what Cluster API's topology controller would make.

Pure: a class, a template and the values of variables in, the patched template out, with a trace of what each operation
did. Order and atomicity are Cluster API's: patch by patch; of each, all definitions whose selector selects the template
(core/reconcilers/topology/cluster/patches: engine, inline/json_patch_generator). Where Cluster API would give up at the
first failure, this goes on with the next patch, so that one look shows all failures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from cluster_stacks.model.source import Position
from cluster_stacks.validation.capi.jsonpatch import NotApplicable, Place, Segments, apply
from cluster_stacks.validation.capi.paths import segments, steps
from cluster_stacks.validation.capi.selecting import Target, selected
from cluster_stacks.validation.capi.templates import NO_VALUE, Unreadable, Untold, as_go, read, render
from cluster_stacks.validation.capi.view import Definition, JsonPatch, Patch, mapping, text
from cluster_stacks.validation.problem import Pointer

_DONE = {"add": "added", "replace": "replaced", "remove": "removed"}
Cause = Literal["variable", "template", "yaml", "place", "untold"]


class Failure(NamedTuple):
    """Why Cluster API would give up. `pointer` is of the text that is to blame.

    The cause `untold` is none of Cluster API's: nobody can tell what the template prints.
    """

    pointer: Pointer
    cause: Cause
    message: str
    place: Segments = ()
    """The path of the operation, where one is to blame."""
    within: Position | None = None
    """Where in the text at `pointer`, where that is known."""


class Operation(NamedTuple):
    """One operation with its value, ready to be applied. `printed` is what its template gave, if it has one."""

    patch: JsonPatch
    value: Any
    printed: str | None = None

    @property
    def source(self) -> Pointer:
        """The pointer of what the value comes from."""
        if "value" in self.patch.value:
            return (*self.patch.pointer, "value")
        return (*self.patch.pointer, "valueFrom", "template" if self.printed is not None else "variable")


class Change(NamedTuple):
    """What an operation did: where in the patched template."""

    operation: Operation
    place: Place


@dataclass(frozen=True, slots=True)
class Patched:
    """A template after all patches; `document` is shared with what it was made of where nothing changed."""

    document: Any
    changes: tuple[Change, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """What one patch makes for one target: operations by definition, or why it makes none.

    `enabled` is None where that could not be told; `condition` is what enabledIf printed.
    """

    enabled: bool | None
    definitions: tuple[tuple[Operation, ...], ...] = ()
    failures: tuple[Failure, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """Variables by name, `builtin` among them, as JSON and as templates see them."""

    plain: Mapping[str, Any]
    go: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, variables: Mapping[str, Any]) -> Values:
        return cls(variables, as_go(dict(variables)))


def patched(document: Any, generated: Sequence[Generated]) -> Patched:
    """Applies what patches generated for a template, in their order."""
    changes: list[Change] = []
    failures: list[Failure] = []
    lost: list[Segments] = []
    for each in generated:
        failures += each.failures
        lost += [failure.place for failure in each.failures if failure.place]
        for operations in each.definitions:
            # All of a definition or nothing.
            now, done, failure = _apply(document, operations)
            if failure is None:
                document = now
                changes += done
                continue
            if not any(failure.place[: len(place)] == place for place in lost):
                failures.append(failure)
            lost += [segments(operation.patch.path) for operation in operations if operation.patch.op != "remove"]
    return Patched(document, tuple(changes), tuple(failures))


def _apply(document: Any, operations: Sequence[Operation]) -> tuple[Any, list[Change], Failure | None]:
    done: list[Change] = []
    for operation in operations:
        path = segments(operation.patch.path)
        try:
            applied = apply(document, operation.patch.op, path, operation.value)
        except NotApplicable as error:
            return document, [], _no_place(operation, path, error)
        document = applied.document
        done.append(Change(operation, applied.place))
    return document, done, None


def _no_place(operation: Operation, path: Segments, error: NotApplicable) -> Failure:
    at = (*operation.patch.pointer, "path")
    missing = path[: error.depth + 1] if error.why in ("missing", "index") else path[: error.depth]
    name = "/" + "/".join(missing)
    last = error.depth == len(path) - 1
    if error.why == "scalar":
        message = f"{name} is no mapping and no list, so nothing can be below it"
    elif error.why == "null":
        message = f"{name} is null, and nothing can be put below it"
    elif error.why == "index":
        message = f"{path[error.depth]!r} is no element of the list {'/' + '/'.join(path[: error.depth])}"
    elif last:
        message = f"{name} is not there, and can only be {_DONE.get(operation.patch.op, 'changed')} where it is"
        message += ": use add" if operation.patch.op == "replace" else ""
    else:
        message = f"{name} is not there, and nothing can be {_DONE.get(operation.patch.op, 'changed')} below it"
        message += ": add it first, or put it into the template" if operation.patch.op == "add" else ""
    return Failure(at, "place", message, path)


def generate(patch: Patch, target: Target, values: Values) -> Generated:
    """What a patch makes for a target with the values of variables."""
    definitions = tuple(selected_of(patch, target))
    if not definitions:
        return Generated(False)
    condition = ""
    if patch.enabled_if:
        at = (*patch.pointer, "enabledIf")
        try:
            condition = render(patch.enabled_if, values.go)
            enabled = read(condition) is True
        except Unreadable as error:
            failure = Failure(at, _cause(error), str(error), within=error.at)
            return Generated(None, failures=(failure,), condition=condition)
        if not enabled:
            return Generated(False, condition=condition)
    failures: list[Failure] = []
    made = []
    for definition in definitions:
        operations = []
        for operation in definition.patches:
            if not operation.path.startswith("/spec") or operation.op not in _DONE:
                continue  # refused before it ever runs
            found = _operation(operation, values)
            if isinstance(found, Failure):
                failures.append(found._replace(place=segments(operation.path)))
            else:
                operations.append(found)
        made.append(tuple(operations))
    return Generated(True, tuple(made), tuple(failures), condition)


def selected_of(patch: Patch, target: Target) -> list[Definition]:
    """The definitions of a patch that select a target."""
    return [definition for definition in patch.definitions if any(True for _ in selected(definition, (target,)))]


def _operation(operation: JsonPatch, values: Values) -> Operation | Failure:
    if operation.op == "remove":
        return Operation(operation, None)
    if operation.value.get("value") is not None:
        return Operation(operation, operation.value["value"])
    source = mapping(operation.value, "valueFrom")
    at = (*operation.pointer, "valueFrom")
    variable, template = text(source, "variable"), text(source, "template")
    if variable:
        return _from_variable(operation, values, variable, (*at, "variable"))
    try:
        printed = render(template, values.go)
    except Unreadable as error:
        return Failure((*at, "template"), _cause(error), str(error), within=error.at)
    try:
        return Operation(operation, read(printed), printed)
    except Unreadable as error:
        return Failure((*at, "template"), "yaml", f"what the template prints is no YAML: {error}")


def _cause(error: Unreadable) -> Cause:
    return "untold" if isinstance(error, Untold) else "template"


def _from_variable(operation: JsonPatch, values: Values, variable: str, at: Pointer) -> Operation | Failure:
    path = steps(variable)
    if path is None:
        return Failure(at, "variable", f"{variable!r} cannot be read: write name.field or name.field[0]")
    here: Any = values.plain
    reached = ""
    for step in path:
        if not isinstance(here, Mapping) or step.name not in here:
            missing = f"{reached}.{step.name}" if reached else step.name
            return Failure(at, "variable", f"there is no {missing}")
        here = here[step.name]
        reached = f"{reached}.{step.name}" if reached else step.name
        if step.number is None:
            continue
        if not isinstance(here, list):
            return Failure(at, "variable", f"{reached} is no list")
        if len(here) <= step.number:
            return Failure(at, "variable", f"{reached} has no element {step.number}, but {len(here)}")
        here = here[step.number]
        reached += f"[{step.number}]"
    return Operation(operation, here)


def prints_nothing_known(operation: Operation) -> bool:
    """Whether Go printed its word for a value that is not there."""
    return operation.printed is not None and NO_VALUE in operation.printed
