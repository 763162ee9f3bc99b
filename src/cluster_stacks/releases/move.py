"""What happens to a Cluster that moves from one release to another: whether Cluster API lets it, and what it rolls.

The rules are those of Cluster API's webhook for Clusters (v1.14: admission/cluster, topology/check): a rebase to
another class keeps the kinds of what it refers to, the classes of workers that the Cluster uses, and its variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from cluster_stacks.model.version import KubernetesVersion
from cluster_stacks.releases.breaks import (
    Concerns,
    class_breaks,
    kind_of,
    reference,
    schema_of,
    variables_of,
    workers_of,
)
from cluster_stacks.releases.contents import Contents, Key, Value
from cluster_stacks.releases.difference import differences
from cluster_stacks.releases.plain import as_map

_CLASS = ("cluster.x-k8s.io", "ClusterClass")
# Changes of these are made on running machines, or on the object that stands for them, without new ones.
_IN_PLACE = ("replicas", "machineTemplate", "rolloutStrategy", "rollout", "remediation", "remediationStrategy")


class Verdict(StrEnum):
    """Whether Cluster API accepts the move."""

    ACCEPTED = "accepted"
    DEPENDS = "depends on the Cluster"
    REFUSED = "refused"


class Condition(NamedTuple):
    """What refuses the move for some Clusters: which ones, by a name (`machineDeployment default`, `backend`)."""

    concerns: Concerns
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """The move of a Cluster to the newer of two releases.

    `reasons` say what refuses it, or for which Clusters: `refusals` and `conditions`, for who has a Cluster at hand.
    `rolls` say which machines are replaced, and why; `may_roll` what replaces machines of some Clusters, because
    patches make of it what only the Cluster's variables decide.
    """

    verdict: Verdict = Verdict.ACCEPTED
    reasons: tuple[str, ...] = ()
    rolls: tuple[str, ...] = ()
    may_roll: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    refusals: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()
    """What the newer release says of that itself, with its reasons."""


def judge_move(old: Contents, new: Contents, renames: Mapping[str, str]) -> Move:
    """The move between two releases that have a class each; `renames` maps old names of objects to the new ones.

    Of several classes in one release, those count whose names differ by the release's alone.
    """
    found = [(_Class(old, key), _Class(new, other)) for key, other in _pairs(old, new, renames)]
    breaks = [each for before, after in found for each in class_breaks(before.spec, after.spec)]
    refused = [each.reason for each in breaks if each.concerns is None]
    refused += list(version_refusals(old.facts.metadata.kubernetes, new.facts.metadata.kubernetes))
    conditions = [Condition(each.concerns, each.name, each.reason) for each in breaks if each.concerns is not None]
    depends = [condition.reason for condition in conditions]
    if any(key[:2] == _CLASS for key in old.objects) and not found:
        refused.append("the class is gone")
    verdict = Verdict.REFUSED if refused else Verdict.DEPENDS if depends else Verdict.ACCEPTED
    rolls = list(version_rolls(old.facts.metadata.kubernetes, new.facts.metadata.kubernetes))
    rolls += [roll for before, after in found for roll in _rolls(before, after)]
    may_roll = [roll for before, after in found for roll in _may_roll(before, after)]
    return Move(
        verdict, (*refused, *depends), tuple(dict.fromkeys(rolls)), tuple(may_roll), tuple(conditions), tuple(refused),
        tuple(f"{each.what}: {each.reason}" for each in new.facts.breaking),
    )


def _pairs(old: Contents, new: Contents, renames: Mapping[str, str]) -> Iterator[tuple[Key, Key]]:
    for key in old.objects:
        other = (key[0], key[1], renames.get(key[2], key[2]))
        if key[:2] == _CLASS and other in new.objects:
            yield key, other


class _Class:
    """A ClusterClass with the templates that it refers to."""

    def __init__(self, contents: Contents, key: Key) -> None:
        self._contents = contents
        self.spec = as_map(contents.objects[key].get("spec"))
        self.control_plane = as_map(self.spec.get("controlPlane"))
        self.workers = {name: item for name, (_, item) in workers_of(self.spec).items()}
        self.variables = {name: item for name, (_, item) in variables_of(self.spec).items()}

    def template(self, holder: object) -> Value:
        """`spec.template.spec` of the template that something refers to; empty where the release does not have it."""
        ref = reference(holder)
        group, kind = kind_of(ref)
        found = self._contents.objects.get((group, kind, str(ref.get("name"))), {})
        return as_map(as_map(as_map(found.get("spec")).get("template")).get("spec"))


def version_refusals(old: KubernetesVersion, new: KubernetesVersion) -> Iterator[str]:
    """Why a Cluster cannot go from one Kubernetes version to another."""
    if new < old:
        yield f"Kubernetes goes down, from {old} to {new}"
    elif (new.major, new.minor) > (old.major, old.minor + 1):
        yield f"Kubernetes skips a minor, from {old} to {new}"


def version_rolls(old: KubernetesVersion, new: KubernetesVersion) -> Iterator[str]:
    """What another Kubernetes version replaces."""
    if old != new:
        yield f"all machines: Kubernetes {old} becomes {new}"


def _rolls(old: _Class, new: _Class) -> Iterator[str]:
    parts: list[tuple[str, Iterable[object], Iterable[object]]] = [(
        "control plane",
        (_without(old.template(old.control_plane), _IN_PLACE),
         old.template(old.control_plane.get("machineInfrastructure"))),
        (_without(new.template(new.control_plane), _IN_PLACE),
         new.template(new.control_plane.get("machineInfrastructure"))),
    )]
    parts += [
        (name, _machine_templates(old, item), _machine_templates(new, new.workers[name]))
        for name, item in old.workers.items() if name in new.workers
    ]
    for name, before, after in parts:
        paths = [each.path for one, other in zip(before, after, strict=True) for each in differences(one, other)]
        if paths:
            yield f"{name}: {paths[0]} changed" + (f", and {len(paths) - 1} more" if len(paths) > 1 else "")


def _machine_templates(of: _Class, worker: Value) -> list[Value]:
    return [of.template(worker.get("bootstrap")), of.template(worker.get("infrastructure"))]


def _may_roll(old: _Class, new: _Class) -> Iterator[str]:
    if any(differences(old.spec.get("patches") or [], new.spec.get("patches") or [])):
        yield "patches changed: machines are replaced where what they make of the templates is another"
    for name, variable in new.variables.items():
        was = old.variables.get(name)
        if was and schema_of(was).get("default") != schema_of(variable).get("default"):
            yield f"the default of {name} changed: Clusters keep the value that they were given"


def _without(value: Value, keys: Iterable[str]) -> Value:
    return {key: item for key, item in value.items() if key not in keys}
