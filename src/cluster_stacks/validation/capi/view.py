"""A ClusterClass of either API version, by its parts.

A view never raises: what is missing or of a wrong type is left out, because a schema says so already. Pointers are into
the document, ready for a Problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Pointer, Problem

if TYPE_CHECKING:
    from cluster_stacks.validation.rules.context import Context

GROUP = "cluster.x-k8s.io"
VERSIONS = ("v1beta1", "v1beta2")
Values = Mapping[str, object]


class Reference(NamedTuple):
    """What a class says of a template; texts are empty where they are missing. `pointer` is of the mapping.

    `role` is infrastructure, control-plane, control-plane-machine, bootstrap, machine or remediation; `worker` is the
    worker class of the last three.
    """

    pointer: Pointer
    api_version: str
    kind: str
    name: str
    namespace: str
    role: str
    worker: str = ""


class Worker(NamedTuple):
    """A MachineDeployment class, or with `pool` a MachinePool class. `value` is what the class says of it."""

    pointer: Pointer
    name: str
    pool: bool
    bootstrap: Reference | None
    infrastructure: Reference | None
    value: Values


class Variable(NamedTuple):
    """A variable of a class; `schema` is its openAPIV3Schema, empty where it has none, `value` all that is said."""

    pointer: Pointer
    name: str
    required: bool
    schema: Values
    schema_pointer: Pointer
    value: Values


class JsonPatch(NamedTuple):
    """One operation; `value` is the mapping as it stands."""

    pointer: Pointer
    op: str
    path: str
    value: Values


class Definition(NamedTuple):
    """Operations on what a selector selects."""

    pointer: Pointer
    selector: Values
    patches: tuple[JsonPatch, ...]


class Patch(NamedTuple):
    """A patch. `external` is None where it is not said; `value` is the mapping as it stands."""

    pointer: Pointer
    name: str
    enabled_if: str
    definitions: tuple[Definition, ...]
    external: Values | None
    value: Values


@dataclass(frozen=True, slots=True)
class ClassView:
    """A ClusterClass. `version` is v1beta1 or v1beta2; `control_plane` is `spec.controlPlane` as it stands."""

    item: Item
    version: str
    name: str
    spec: Values
    references: tuple[Reference, ...]
    control_plane: Values
    workers: tuple[Worker, ...]
    variables: tuple[Variable, ...]
    patches: tuple[Patch, ...]
    kubernetes_versions: tuple[tuple[Pointer, str], ...]

    def at(self, *parts: str | int) -> Pointer:
        """The pointer to a place below `spec`."""
        return (*self.item.prefix, "spec", *parts)

    def problem(self, rule: RuleInfo, message: str, pointer: Pointer) -> Problem:
        """A problem of this class by a rule, as severe as the rule says."""
        return Problem(self.item.document, rule.id, message, pointer, severity=rule.severity, item=self.item)

    def reference(self, role: str) -> Reference | None:
        """The first reference in a role."""
        return next((reference for reference in self.references if reference.role == role), None)


def operations(context: Context) -> Iterator[tuple[ClassView, JsonPatch]]:
    """Every operation of every patch, with its class."""
    for view in classes(context):
        for patch in view.patches:
            for definition in patch.definitions:
                for operation in definition.patches:
                    yield view, operation


def classes(context: Context) -> tuple[ClassView, ...]:
    """All ClusterClasses of a context, made once."""
    return context.memo("capi.classes", lambda: tuple(view_of(item) for item in context.items if is_class(item)))


def is_class(item: Item) -> bool:
    """Whether an object is a ClusterClass of a version that views know."""
    group, version = split_api_version(item.api_version)
    return item.kind == "ClusterClass" and group == GROUP and version in VERSIONS


def view_of(item: Item) -> ClassView:
    """The view of a ClusterClass."""
    spec = mapping(item.value, "spec")
    at: Pointer = (*item.prefix, "spec")
    version = split_api_version(item.api_version)[1]
    old = version == "v1beta1"
    workers = tuple(_workers(spec, at, old=old))
    return ClassView(
        item, version, item.name, spec, (*_own_references(spec, at, old=old), *_worker_references(workers, old=old)),
        mapping(spec, "controlPlane"), workers,
        tuple(_variables(spec, (*at, "variables"))), tuple(_patches(spec, (*at, "patches"))),
        tuple((pointer, value) for pointer, value in _listed(spec, "kubernetesVersions", at) if isinstance(value, str)),
    )


def mapping(value: Values, *keys: str) -> Values:
    """The mapping at a path, or an empty one."""
    found: object = value
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def text(value: Values, key: str) -> str:
    """The text of a key, or an empty one."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def listed(value: Values, key: str, at: Pointer) -> Iterator[tuple[Pointer, Values]]:
    """The mappings of the list at a key, each with its pointer; `at` is the pointer of `value`."""
    for pointer, found in _listed(value, key, at):
        if isinstance(found, dict):
            yield pointer, found


def _listed(value: Values, key: str, at: Pointer) -> Iterator[tuple[Pointer, object]]:
    found = value.get(key)
    for number, item in enumerate(found if isinstance(found, list) else ()):
        yield (*at, key, number), item


def _own_references(spec: Values, at: Pointer, *, old: bool) -> Iterator[Reference]:
    places = (
        (("infrastructure",), "infrastructure"),
        (("controlPlane",), "control-plane"),
        (("controlPlane", "machineInfrastructure"), "control-plane-machine"),
    )
    for path, role in places:
        found = _reference(spec, (*path, "ref" if old else "templateRef"), at, role)
        if found:
            yield found
    found = _reference(spec, ("controlPlane", *_remediation(old=old)), at, "remediation")
    if found:
        yield found


def _worker_references(workers: tuple[Worker, ...], *, old: bool) -> Iterator[Reference]:
    for worker in workers:
        remediation = _reference(worker.value, _remediation(old=old), worker.pointer, "remediation", worker.name)
        yield from (found for found in (worker.bootstrap, worker.infrastructure, remediation) if found)


def _remediation(*, old: bool) -> tuple[str, ...]:
    old_path, new_path = ("machineHealthCheck", "remediationTemplate"), ("healthCheck", "remediation", "templateRef")
    return old_path if old else new_path


def _reference(value: Values, path: tuple[str, ...], at: Pointer, role: str, worker: str = "") -> Reference | None:
    found: object = value
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return None
    return Reference(
        (*at, *path), text(found, "apiVersion"), text(found, "kind"), text(found, "name"), text(found, "namespace"),
        role, worker,
    )


def _workers(spec: Values, at: Pointer, *, old: bool) -> Iterator[Worker]:
    place = mapping(spec, "workers")
    inner = ("template",) if old else ()
    ref = "ref" if old else "templateRef"
    for key, pool in (("machineDeployments", False), ("machinePools", True)):
        for pointer, value in listed(place, key, (*at, "workers")):
            name = text(value, "class")
            bootstrap = _reference(value, (*inner, "bootstrap", ref), pointer, "bootstrap", name)
            machine = _reference(value, (*inner, "infrastructure", ref), pointer, "machine", name)
            yield Worker(pointer, name, pool, bootstrap, machine, value)


def _variables(spec: Values, at: Pointer) -> Iterator[Variable]:
    for pointer, value in listed(spec, "variables", at[:-1]):
        schema = mapping(value, "schema", "openAPIV3Schema")
        place = (*pointer, "schema", "openAPIV3Schema")
        yield Variable(pointer, text(value, "name"), value.get("required") is True, schema, place, value)


def _patches(spec: Values, at: Pointer) -> Iterator[Patch]:
    for pointer, value in listed(spec, "patches", at[:-1]):
        external = value.get("external")
        yield Patch(
            pointer, text(value, "name"), text(value, "enabledIf"), tuple(_definitions(value, pointer)),
            external if isinstance(external, dict) else None, value,
        )


def _definitions(patch: Values, at: Pointer) -> Iterator[Definition]:
    for pointer, value in listed(patch, "definitions", at):
        patches = tuple(
            JsonPatch(place, text(found, "op"), text(found, "path"), found)
            for place, found in listed(value, "jsonPatches", pointer)
        )
        yield Definition(pointer, mapping(value, "selector"), patches)
