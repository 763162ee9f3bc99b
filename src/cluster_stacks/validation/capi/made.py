"""The objects that a Cluster gets from its class: its values, their defaults, the patches, what comes of the templates.

Only what stands in the manifests is used. Names that Cluster API makes up are examples; of MachineDeployments and the
like nothing is made, because no patch reaches them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cluster_stacks.validation.capi.builtins import Holder
from cluster_stacks.validation.capi.cluster import ClusterView, Group
from cluster_stacks.validation.capi.desired import Kind, desired, place_in
from cluster_stacks.validation.capi.judge_cluster import resolved
from cluster_stacks.validation.capi.patching import Change, Patched, Values, generate, patched
from cluster_stacks.validation.capi.selecting import Target
from cluster_stacks.validation.capi.standing import builtin_of
from cluster_stacks.validation.capi.study import Study
from cluster_stacks.validation.capi.view import JsonPatch, mapping
from cluster_stacks.validation.problem import Pointer


class Blame(NamedTuple):
    """The operation that wrote a place, its text in the class, and where in the value that it wrote."""

    pointer: Pointer
    operation: JsonPatch
    inner: Pointer = ()


class Made(NamedTuple):
    """One object. `before` is what it would be without patches and without what the Cluster says."""

    target: Target
    group: Group | None
    kind: Kind
    value: Any
    before: Any
    changes: tuple[Change, ...]

    def blame(self, place: Pointer) -> Blame | None:
        """What wrote a place last; None where no patch did."""
        for change in reversed(self.changes):
            at = place_in(change.place, self.kind)
            if at is None or place[: len(at)] != at[: len(place)]:
                continue
            operation = change.operation
            if operation.patch.op == "remove":
                return Blame((*operation.patch.pointer, "path"), operation.patch)
            inner = place[len(at):]
            source: Pointer = operation.source
            written = (*source, *inner) if source[-1] == "value" and _has(operation.value, inner) else source
            return Blame(written, operation.patch, inner)
        return None


def _has(value: Any, place: Pointer) -> bool:
    for part in place:
        if isinstance(part, int):
            fits = isinstance(value, list) and part < len(value)
        else:
            fits = isinstance(value, dict) and part in value
        if not fits:
            return False
        value = value[part]
    return True


def made_objects(cluster: ClusterView, study: Study) -> Iterator[Made]:
    """What a Cluster gets, as far as the templates and the schemas of the kinds are there."""
    overrides = {_at(override.group): override for override in cluster.overrides}
    for target in study.targets:
        kind, template = study.kinds.get(target), study.document(target)
        if kind is None or template is None:
            continue
        for group in _groups(cluster, target):
            override = overrides.get(_at(group)) if target.holder is not Holder.CLUSTER else None
            values = resolved(cluster, study.view, override)
            values["builtin"] = _builtin(cluster, study, target, group)
            given = Values.of(values)
            result = patched(template, [generate(patch, target, given) for patch in study.view.patches])
            yield _made(cluster, target, group, kind, result, template)


def _at(group: Group | None) -> Pointer | None:
    return group.pointer if group else None


def _groups(cluster: ClusterView, target: Target) -> list[Group | None]:
    """For which parts of a Cluster a template is used."""
    if target.holder in (Holder.CLUSTER, Holder.CONTROL_PLANE):
        return [None]
    pool = target.holder is Holder.MACHINE_POOL
    return [group for group in cluster.groups if group.pool == pool and group.class_name == target.reference.worker]


def _made(
    cluster: ClusterView, target: Target, group: Group | None, kind: Kind, result: Patched, template: Any
) -> Made:
    version = _version(cluster)
    value, before = desired(result.document, target, kind, version), desired(template, target, kind, version)
    replicas = cluster.control_plane[1].get("replicas")
    if target.reference.role == "control-plane" and isinstance(replicas, int):
        value = {**value, "spec": {**value["spec"], "replicas": replicas}}
    return Made(target, group, kind, value, before, result.changes)


def _version(cluster: ClusterView) -> str:
    return cluster.kubernetes if cluster.kubernetes.startswith("v") else f"v{cluster.kubernetes}"


def _builtin(cluster: ClusterView, study: Study, target: Target, group: Group | None) -> dict[str, Any]:
    """`builtin` with what the Cluster says of itself."""
    built = builtin_of(study.view, target)
    version = _version(cluster)
    own, network = built["cluster"], mapping(cluster.spec, "clusterNetwork")
    own["name"], own["namespace"] = cluster.name, cluster.namespace or "default"
    own["topology"]["version"] = version
    own.pop("network", None)
    if network:
        own["network"] = {
            "serviceDomain": network.get("serviceDomain") or "cluster.local",
            **{key: blocks for key in ("services", "pods") if (blocks := mapping(network, key).get("cidrBlocks"))},
        }
    part = built.get(target.holder.value) if target.holder is not Holder.CLUSTER else None
    if part is not None:
        said = group.value if group else cluster.control_plane[1]
        part["version"] = version
        part.pop("replicas", None)
        if isinstance(said.get("replicas"), int):
            part["replicas"] = said["replicas"]
        if group:
            part["topologyName"] = group.name
    return built
