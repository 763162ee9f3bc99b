"""A Cluster against its class: the rules of Cluster API's webhook that need both.

Pure: the class may come from anywhere. Sources: Cluster API 1.14, core/webhooks/admission/cluster.go,
internal/topology/check and internal/topology/variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cluster_stacks.model.near import near_names
from cluster_stacks.validation.capi import parts
from cluster_stacks.validation.capi.cluster import ClusterView, Group, Override, Setting
from cluster_stacks.validation.capi.values import ValueProblem, filled, value_problems
from cluster_stacks.validation.capi.view import ClassView, Values, Variable, mapping
from cluster_stacks.validation.problem import Pointer

Wrong = Iterator[tuple[Pointer, str]]
AUTOSCALER = (
    "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size",
    "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size",
)


def fit_problems(cluster: ClusterView, view: ClassView) -> Wrong:
    """The Kubernetes version and the classes of workers that the class does not have."""
    versions = [version for _, version in view.kubernetes_versions]
    wanted = cluster.kubernetes if cluster.kubernetes.startswith("v") else f"v{cluster.kubernetes}"
    if versions and wanted not in versions:
        pointer = cluster.at("topology", "version")
        yield pointer, f"{view.name} is for Kubernetes {_listed(versions)}, not {cluster.kubernetes or 'none'}"
    for group in cluster.groups:
        known = [worker.name for worker in view.workers if worker.pool == group.pool]
        if group.class_name not in known:
            what = "MachinePools" if group.pool else "MachineDeployments"
            there = f"there is {_listed(known)}" if known else "it has none"
            said = f"{view.name} has no class {group.class_name!r} of {what}: {_near(group.class_name, known) or there}"
            yield (*group.pointer, "class"), said


def health_problems(cluster: ClusterView, view: ClassView) -> Wrong:
    """Health checks that nobody defines, and one of a control plane whose machines are not Cluster API's."""
    at, check = cluster.health_check(None)
    if _defined(check) and view.reference("control-plane-machine") is None:
        yield at, f"{view.name} has no machineInfrastructure for the control plane: its machines cannot be checked"
    places: list[tuple[Group | None, Values]] = [(None, view.control_plane)]
    for group in cluster.groups:
        fitting = (w for w in view.workers if w.name == group.class_name and not w.pool and not group.pool)
        places += [(group, worker.value) for worker in fitting][:1]
    for part, of_class in places:
        at, check = cluster.health_check(part)
        switch = "enable" if cluster.old else "enabled"
        if check.get(switch) is True and not _defined(check) and not parts.is_defined(mapping(of_class, _key(view))):
            message = f"{_key(cluster)} is switched on, and neither the Cluster nor {view.name} says what is checked"
            yield (*at, switch), message
        yield from parts.health_check_problems((at, check))


def replica_problems(cluster: ClusterView, view: ClassView | None) -> Wrong:
    """Replicas of a group that the autoscaler scales, by annotations of the Cluster or of the class, if it is known."""
    for group in cluster.groups:
        if group.pool or group.value.get("replicas") is None:
            continue
        own = mapping(group.value, "metadata", "annotations")
        for found, whose in ((own, "its"), (_class_annotations(group, view), "its class's")):
            if any(name in found for name in AUTOSCALER):
                message = f"replicas of {group.name!r} beside {whose} annotations for the autoscaler: remove replicas"
                yield (*group.pointer, "replicas"), message
                break


def _class_annotations(group: Group, view: ClassView | None) -> Values:
    inner = ("template",) if view and view.version == "v1beta1" else ()
    workers = view.workers if view else ()
    fitting = (worker for worker in workers if worker.name == group.class_name and not worker.pool)
    return next((mapping(worker.value, *inner, "metadata", "annotations") for worker in fitting), {})


def variable_problems(cluster: ClusterView, view: ClassView) -> Wrong:
    """Variables that are missing or unknown, or whose value the class does not take."""
    known = {variable.name: variable for variable in view.variables}
    found = list(_settings(cluster.variables, known, view))
    given = {setting.name for setting in cluster.variables}
    for variable in view.variables:
        # Only a default of the variable itself creates it; defaults of its fields do not.
        if variable.required and variable.name not in given and variable.schema.get("default") is None:
            message = f"the variable {variable.name!r} is missing: {view.name} requires it and has no default for it"
            found.append((cluster.at("topology", "variables"), message))
    yield from found
    for override in cluster.overrides:
        yield from _settings(override.settings, known, view)


def resolved(cluster: ClusterView, view: ClassView, override: Override | None = None) -> dict[str, object]:
    """The values of all variables as patches see them: the Cluster's with their defaults, then the class's defaults.

    `override` are values for a part of the Cluster, which win.
    """
    values: dict[str, object] = {}
    given = {s.name: s.value for s in (*cluster.variables, *(override.settings if override else ()))}
    for variable in view.variables:
        if variable.name in given or variable.schema.get("default") is not None:
            values[variable.name] = filled(given.get(variable.name), variable.schema)
    return values


def _settings(settings: Iterable[Setting], known: dict[str, Variable], view: ClassView) -> Wrong:
    seen: set[str] = set()
    for setting in settings:
        name = setting.name
        if not name or name in seen:  # found as what they are: a missing name, a list with two entries of one key
            continue
        if name not in known:
            near = _near(name, known) or (f"there is {_listed(known)}" if known else "it has none")
            yield (*setting.pointer, "name"), f"{view.name} has no variable {name!r}: {near}"
        else:
            yield from _value(setting, known[name])
        seen.add(name)


def _value(setting: Setting, variable: Variable) -> Wrong:
    found: tuple[ValueProblem, ...] = value_problems(variable.schema, filled(setting.value, variable.schema))
    for problem in found:
        if not problem.unevaluated:
            yield (*setting.pointer, "value", *problem.pointer), f"{setting.name}: {problem.message}"


def _key(view: ClassView | ClusterView) -> str:
    return "machineHealthCheck" if view.version == "v1beta1" else "healthCheck"


def _defined(check: Values) -> bool:
    """Whether a check of a Cluster says what is checked; that it is switched on does not."""
    return parts.is_defined({key: value for key, value in check.items() if key not in ("enable", "enabled")})


def _near(name: str, known: Iterable[str]) -> str:
    near = near_names(name, known)
    return f"did you mean {near[0]!r}?" if near else ""


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    shown = ", ".join(every[:8])
    return f"{shown} … ({len(every) - 8} more)" if len(every) > 8 else shown
