"""A Cluster of either API version, by its parts. Like a view of a class, one never raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cluster_stacks.validation.capi.view import GROUP, VERSIONS, ClassView, Values, classes, listed, mapping, text
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Pointer
from cluster_stacks.validation.rules.context import Context


class Group(NamedTuple):
    """MachineDeployments or, with `pool`, MachinePools that a Cluster asks for. `value` is what it says of them."""

    pointer: Pointer
    class_name: str
    name: str
    pool: bool
    value: Values


class Setting(NamedTuple):
    """A value that a Cluster gives a variable. `value` is None where it has none."""

    pointer: Pointer
    name: str
    value: object


class Override(NamedTuple):
    """The values that a Cluster gives variables for a part of it; `group` is None for the control plane."""

    group: Group | None
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A Cluster. `topology` is empty where it has none; `class_pointer` is of the name of its class.

    `class_namespace` is empty where the class is in the Cluster's own.
    """

    item: Item
    version: str
    name: str
    spec: Values
    topology: Values
    class_name: str
    class_namespace: str
    class_pointer: Pointer
    kubernetes: str
    groups: tuple[Group, ...]
    variables: tuple[Setting, ...]
    overrides: tuple[Override, ...]

    @property
    def old(self) -> bool:
        return self.version == "v1beta1"

    @property
    def namespace(self) -> str:
        return text(self.item.metadata, "namespace")

    def at(self, *parts: str | int) -> Pointer:
        """The pointer to a place below `spec`."""
        return (*self.item.prefix, "spec", *parts)

    def health_check(self, group: Group | None) -> tuple[Pointer, Values]:
        """What a Cluster says of the health checks of a group, or of the control plane, with its pointer."""
        key = "machineHealthCheck" if self.old else "healthCheck"
        at, value = (group.pointer, group.value) if group else self.control_plane
        return (*at, key), mapping(value, key)

    @property
    def control_plane(self) -> tuple[Pointer, Values]:
        return self.at("topology", "controlPlane"), mapping(self.topology, "controlPlane")


def clusters(context: Context) -> tuple[ClusterView, ...]:
    """All Clusters of a context, made once."""
    return context.memo(
        "capi.clusters", lambda: tuple(cluster_of(item) for item in context.items if is_cluster(item))
    )


def class_of(context: Context, cluster: ClusterView) -> ClassView | None:
    """The class of a Cluster among the objects that are judged together; None where it is not there."""
    known: dict[tuple[str, str], list[ClassView]] = context.memo("capi.classes.named", lambda: _named(context))
    found = known.get((cluster.item.scope, cluster.class_name)) or known.get(("", cluster.class_name), [])
    wanted = cluster.class_namespace or cluster.namespace
    fitting = [view for view in found if not wanted or text(view.item.metadata, "namespace") in ("", wanted)]
    return fitting[0] if fitting else None


def _named(context: Context) -> dict[tuple[str, str], list[ClassView]]:
    """The classes by scope and name, and by name alone where one name is enough to tell which is meant."""
    out: dict[tuple[str, str], list[ClassView]] = {}
    alone: dict[str, list[ClassView]] = {}
    for view in classes(context):
        out.setdefault((view.item.scope, view.name), []).append(view)
        alone.setdefault(view.name, []).append(view)
    return {**{("", name): views for name, views in alone.items() if len(views) == 1}, **out}


def is_cluster(item: Item) -> bool:
    """Whether an object is a Cluster of a version that views know."""
    if item.kind != "Cluster":
        return False
    group, version = split_api_version(item.api_version)
    return group == GROUP and version in VERSIONS


def cluster_of(item: Item) -> ClusterView:
    """The view of a Cluster."""
    spec = mapping(item.value, "spec")
    topology = mapping(spec, "topology")
    at: Pointer = (*item.prefix, "spec", "topology")
    version = split_api_version(item.api_version)[1]
    old = version == "v1beta1"
    name, namespace, pointer = _class(topology, at, old=old)
    groups = tuple(_groups(topology, at))
    return ClusterView(
        item, version, item.name, spec, topology, name, namespace, pointer, text(topology, "version"), groups,
        tuple(_settings(topology, "variables", at)), tuple(_overrides(topology, groups, at)),
    )


def _class(topology: Values, at: Pointer, *, old: bool) -> tuple[str, str, Pointer]:
    if old:
        return text(topology, "class"), text(topology, "classNamespace"), (*at, "class")
    reference = mapping(topology, "classRef")
    return text(reference, "name"), text(reference, "namespace"), (*at, "classRef", "name")


def _groups(topology: Values, at: Pointer) -> Iterator[Group]:
    workers = mapping(topology, "workers")
    for key, pool in (("machineDeployments", False), ("machinePools", True)):
        for pointer, value in listed(workers, key, (*at, "workers")):
            yield Group(pointer, text(value, "class"), text(value, "name"), pool, value)


def _settings(holder: Values, key: str, at: Pointer) -> Iterator[Setting]:
    for pointer, value in listed(holder, key, at):
        yield Setting(pointer, text(value, "name"), value.get("value"))


def _overrides(topology: Values, groups: tuple[Group, ...], at: Pointer) -> Iterator[Override]:
    control_plane = mapping(topology, "controlPlane")
    places = [(None, (*at, "controlPlane"), control_plane), *((group, group.pointer, group.value) for group in groups)]
    for group, pointer, value in places:
        settings = tuple(_settings(mapping(value, "variables"), "overrides", (*pointer, "variables")))
        if settings:
            yield Override(group, settings)
