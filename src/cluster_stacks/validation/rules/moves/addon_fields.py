"""Fields of addons' objects that a cluster does not let anyone change: an addon is upgraded in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from cluster_stacks.releases.plain import as_map
from cluster_stacks.validation import quantity
from cluster_stacks.validation.problem import Pointer

Object = Mapping[str, Any]
_STATEFUL = frozenset({
    "minReadySeconds", "ordinals", "persistentVolumeClaimRetentionPolicy", "replicas", "revisionHistoryLimit",
    "template", "updateStrategy",
})
_PATHS: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("apps", "DaemonSet"): (("spec", "selector"),),
    ("apps", "Deployment"): (("spec", "selector"),),
    ("apps", "ReplicaSet"): (("spec", "selector"),),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): (("spec", "scope"), ("spec", "group")),
    ("networking.k8s.io", "IngressClass"): (("spec", "controller"),),
    ("node.k8s.io", "RuntimeClass"): (("handler",),),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): (("roleRef",),),
    ("rbac.authorization.k8s.io", "RoleBinding"): (("roleRef",),),
    ("scheduling.k8s.io", "PriorityClass"): (("value",), ("preemptionPolicy",)),
    ("storage.k8s.io", "CSIDriver"): (("spec", "attachRequired"), ("spec", "volumeLifecycleModes")),
    ("storage.k8s.io", "StorageClass"): (("parameters",), ("provisioner",), ("reclaimPolicy",), ("volumeBindingMode",)),
}
_DEFAULTS: dict[tuple[str, ...], object] = {
    ("spec", "attachRequired"): True, ("spec", "volumeLifecycleModes"): ["Persistent"],
    ("preemptionPolicy",): "PreemptLowerPriority", ("reclaimPolicy",): "Delete", ("volumeBindingMode",): "Immediate",
}


def changed_fields(group: str, old: Object, new: Object) -> Iterator[Pointer]:
    """The fields of an object, by its new value, that the API server refuses to change from the old one."""
    kind = str(new.get("kind", ""))
    for path in _PATHS.get((group, kind), ()):
        if _at(old, path) != _at(new, path):
            yield path
    more = _MORE.get((group, kind))
    if more:
        yield from more(old, new)


def _at(value: Object, path: tuple[str, ...]) -> object:
    found: object = value
    for key in path:
        found = as_map(found).get(key)
    return _DEFAULTS.get(path) if found in (None, {}) else found


def _stateful_set(old: Object, new: Object) -> Iterator[Pointer]:
    before, after = as_map(old.get("spec")), as_map(new.get("spec"))
    for key in sorted((before.keys() | after.keys()) - _STATEFUL):
        if before.get(key) != after.get(key) and not _is_default(key, before.get(key), after.get(key)):
            yield ("spec", key)


def _is_default(key: str, old: object, new: object) -> bool:
    value = {"podManagementPolicy": "OrderedReady", "serviceName": "", "volumeClaimTemplates": []}.get(key)
    return (old or value) == (new or value)


def _service(old: Object, new: Object) -> Iterator[Pointer]:
    before, after = as_map(old.get("spec")), as_map(new.get("spec"))
    # One that the new object leaves out is kept as it is; without a type that has one, it is let go.
    if "ExternalName" in (before.get("type"), after.get("type")):
        return
    if after.get("clusterIP") and before.get("clusterIP") != after.get("clusterIP"):
        yield ("spec", "clusterIP")


def _claim(old: Object, new: Object) -> Iterator[Pointer]:
    before, after = as_map(old.get("spec")), as_map(new.get("spec"))
    for key in ("accessModes", "selector", "storageClassName", "dataSource", "dataSourceRef"):
        if key in before and before[key] != after.get(key):
            yield ("spec", key)
    if before.get("volumeMode", "Filesystem") != after.get("volumeMode", "Filesystem"):
        yield ("spec", "volumeMode")
    was, now = (_requested(spec) for spec in (before, after))
    if was is not None and now is not None and now < was:
        yield ("spec", "resources", "requests", "storage")


def _requested(spec: Object) -> Fraction | None:
    found = as_map(as_map(spec.get("resources")).get("requests")).get("storage")
    return quantity.parse(str(found)) if isinstance(found, str | int) else None


def _job(old: Object, new: Object) -> Iterator[Pointer]:
    before, after = as_map(old.get("spec")), as_map(new.get("spec"))
    # A selector is made by the API server, and the completions of an indexed Job may move with its parallelism.
    keys = ["template", "completionMode"]
    keys += ["completions"] if before.get("completionMode") != "Indexed" and "completions" in before else []
    for key in keys:
        value = {"completionMode": "NonIndexed"}.get(key)
        if before.get(key, value) != after.get(key, value):
            yield ("spec", key)


def _data(old: Object, new: Object) -> Iterator[Pointer]:
    if new.get("kind") == "Secret" and (old.get("type") or "Opaque") != (new.get("type") or "Opaque"):
        yield ("type",)
    if old.get("immutable") is True:
        if new.get("immutable") is not True:
            yield ("immutable",)
        for key in ("data", "stringData", "binaryData"):
            if (old.get(key) or {}) != (new.get(key) or {}):
                yield (key,)


_MORE: dict[tuple[str, str], Callable[[Object, Object], Iterator[Pointer]]] = {
    ("", "ConfigMap"): _data, ("", "PersistentVolumeClaim"): _claim, ("", "Secret"): _data, ("", "Service"): _service,
    ("apps", "StatefulSet"): _stateful_set, ("batch", "Job"): _job,
}
