"""What a Cluster that moves from one ClusterClass to another may lose: what its webhook refuses, and for whom.

The rules are those of Cluster API (v1.14: admission/cluster, internal/topology/check and /variables). A rebase keeps
the group and kind of what a Cluster has, its variables and the classes of its workers must be there, and its values
must fit. Only the newer class is asked, but for the kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from cluster_stacks.releases.contents import group_of
from cluster_stacks.releases.narrowing import Path, narrowings
from cluster_stacks.releases.plain import as_list, as_map

Spec = Mapping[str, Any]
_WORKERS = (("machineDeployment", "machineDeployments"), ("machinePool", "machinePools"))


class Concerns(StrEnum):
    """Which Clusters a condition is about, by what of a class they use."""

    WORKERS = "those that use the class of workers"
    HEALTH = "those that switch the health check on"
    SET = "those that set the variable"
    UNSET = "those that do not set the variable"
    VALUE = "those whose value of the variable does not fit"


class Break(NamedTuple):
    """One thing that refuses a move. `what` names it, the same for as long as it is the same: `variable backend`.

    `at` leads from the new class's `spec` to where it is, `was` from the old one's to what it was. `concerns`: which
    Clusters; None: all of them. `name` is what they use. `certain` is false where it depends on a Cluster's value
    whether it is a break at all.
    """

    what: str
    at: Path
    was: Path
    reason: str
    concerns: Concerns | None = None
    name: str = ""
    certain: bool = True


def class_breaks(old: Spec, new: Spec) -> Iterator[Break]:
    """All that the `spec` of a newer class breaks for Clusters of an older one, of either API version."""
    yield from _kinds(old, new)
    yield from _workers(old, new)
    yield from _health_checks(old, new)
    yield from _variables(old, new)


def reference(holder: object) -> Mapping[str, Any]:
    """The reference in a part of a class, as both versions of its API write it; empty where there is none."""
    part = as_map(holder)
    return as_map(part.get("templateRef") or part.get("ref"))


def kind_of(ref: Mapping[str, Any]) -> tuple[str, str]:
    """Group and kind."""
    return group_of(str(ref.get("apiVersion", ""))), str(ref.get("kind", ""))


def workers_of(spec: Spec) -> dict[str, tuple[Path, Mapping[str, Any]]]:
    """The classes of workers by `machineDeployment default`, with where they stand and what they say."""
    workers = as_map(spec.get("workers"))
    return {
        f"{kind} {as_map(item).get('class')}": (("workers", field, number), as_map(item))
        for kind, field in _WORKERS
        for number, item in enumerate(as_list(workers.get(field)))
    }


def variables_of(spec: Spec) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """The variables by name, with their place in the list."""
    found = enumerate(as_list(spec.get("variables")))
    return {str(as_map(item).get("name")): (number, as_map(item)) for number, item in found}


def schema_of(variable: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that values of a variable must fit."""
    return as_map(as_map(variable.get("schema")).get("openAPIV3Schema"))


class _Place(NamedTuple):
    """A reference that a rebase must keep: what it is of, its path, and what it refers to."""

    what: str
    path: Path
    kind: tuple[str, str]


def _places(spec: Spec) -> dict[str, _Place]:
    control = as_map(spec.get("controlPlane"))
    parts: dict[str, tuple[str, Path, object]] = {
        "infrastructure": ("infrastructure", ("infrastructure",), spec.get("infrastructure")),
        "control plane": ("controlPlane", ("controlPlane",), control),
        "control plane's machines": (
            "machineInfrastructure", ("controlPlane", "machineInfrastructure"), control.get("machineInfrastructure"),
        ),
    }
    for name, (path, item) in workers_of(spec).items():
        # v1beta1 has the templates of workers one level further down.
        inner = ("template", "infrastructure") if "template" in item else ("infrastructure",)
        holder: object = item
        for key in inner:
            holder = as_map(holder).get(key)
        parts[f"{name}'s machines"] = (name, (*path, *inner), holder)
    return {
        name: _Place(what, (*path, "templateRef" if "templateRef" in as_map(holder) else "ref"),
                     kind_of(reference(holder)))
        for name, (what, path, holder) in parts.items() if reference(holder)
    }


def _kinds(old: Spec, new: Spec) -> Iterator[Break]:
    before, after = _places(old), _places(new)
    for name, was in before.items():
        now = after.get(name)
        if now and now.kind != was.kind:
            moved = f"group {was.kind[0]} becomes {now.kind[0]}" if was.kind[1] == now.kind[1] else (
                f"{was.kind[1]} becomes {now.kind[1]}"
            )
            key = "apiVersion" if was.kind[1] == now.kind[1] else "kind"
            reason = f"{name}: {moved}, and a Cluster cannot change the kind of what it has"
            yield Break(was.what, (*now.path, key), was.path, reason)
    machines = "control plane's machines"
    if (machines in before) != (machines in after):
        at: Path = after[machines].path[:-1] if machines in after else ("controlPlane",)
        was_at: Path = before[machines].path[:-1] if machines in before else ("controlPlane",)
        reason = "machineInfrastructure of the control plane cannot be added or removed"
        yield Break("machineInfrastructure", at, was_at, reason)


def _workers(old: Spec, new: Spec) -> Iterator[Break]:
    known = workers_of(new)
    for name, (path, _) in workers_of(old).items():
        if name not in known:
            at: Path = path[:2] if path[1] in as_map(new.get("workers")) else ("workers",)
            reason = f"refused for a Cluster that uses {name}: it is gone"
            yield Break(name, at if "workers" in new else (), path, reason, Concerns.WORKERS, name)


def _health_checks(old: Spec, new: Spec) -> Iterator[Break]:
    """A Cluster that switches a check on must find it, in the class or in itself."""
    parts: dict[str, tuple[Path, object, Path, object]] = {
        "controlPlane": (("controlPlane",), old.get("controlPlane"), ("controlPlane",), new.get("controlPlane")),
    }
    known = workers_of(new)
    for name, (path, item) in workers_of(old).items():
        if name in known and name.startswith("machineDeployment"):
            parts[name] = (path, item, *known[name])
    for name, (was, before, at, after) in parts.items():
        found = _check_key(before)
        if found and not _check_key(after):
            reason = f"refused for a Cluster that switches the health check of {name} on: the class defines none now"
            yield Break(f"healthCheck {name}", at, (*was, found), reason, Concerns.HEALTH, name)


def _check_key(part: object) -> str:
    return next((key for key in ("healthCheck", "machineHealthCheck") if as_map(as_map(part).get(key))), "")


def _variables(old: Spec, new: Spec) -> Iterator[Break]:
    before, after = variables_of(old), variables_of(new)
    for name, (number, variable) in before.items():
        was: Path = ("variables", number)
        if name not in after:
            reason = f"refused for a Cluster that sets the variable {name}: it is gone"
            if schema_of(variable).get("default") is not None:
                reason += ", and its default is written into every Cluster"
            at: Path = ("variables",) if "variables" in new else ()
            yield Break(f"variable {name}", at, was, reason, Concerns.SET, name)
            continue
        index, now = after[name]
        for found in narrowings(schema_of(variable), schema_of(now)):
            reason = f"refused for a Cluster whose value of {name} does not fit: {found.reason}"
            place: Path = ("variables", index, "schema", "openAPIV3Schema", *found.at)
            yield Break(f"variable {name}", place, was, reason, Concerns.VALUE, name, found.certain)
    for name, (index, variable) in after.items():
        was_required = name in before and before[name][1].get("required")
        had_default = name in before and schema_of(before[name][1]).get("default") is not None
        needs = variable.get("required") and schema_of(variable).get("default") is None
        if needs and not was_required and not had_default:
            reason = f"refused for a Cluster that does not set the variable {name}: it is required, without a default"
            earlier: Path = ("variables", before[name][0]) if name in before else ("variables",)
            yield Break(f"variable {name}", ("variables", index, "required"), earlier, reason, Concerns.UNSET, name)
