"""The move of one Cluster to another release: what Cluster API says to it, as far as manifests tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cluster_stacks.model.version import KubernetesVersion, VersionError
from cluster_stacks.releases.breaks import Concerns
from cluster_stacks.releases.move import Condition, Move, version_refusals, version_rolls
from cluster_stacks.releases.plain import as_list, as_map


class Judgement(NamedTuple):
    """`refused`: why Cluster API would not accept the move; `depends`: what it may not accept, which is not known here.

    `rolls` and `may_roll` are those of a Move.
    """

    refused: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    rolls: tuple[str, ...] = ()
    may_roll: tuple[str, ...] = ()


NO_MOVE = Judgement()
"""Of a Cluster that stays where it is."""


def judge_cluster(
    move: Move, topology: Mapping[str, Any], released: KubernetesVersion, target: KubernetesVersion
) -> Judgement:
    """`move` is that between two releases, of these versions; `topology` is `spec.topology` of the Cluster before it.

    Its own Kubernetes version counts, which need not be that of its release. Raises VersionError where it has none that
    can be read.
    """
    of_versions = {*version_refusals(released, target), *version_rolls(released, target)}
    refused = [reason for reason in move.refusals if reason not in of_versions]
    rolls = [roll for roll in move.rolls if roll not in of_versions]
    depends: list[str] = []
    version = kubernetes_of(topology)
    refused += version_refusals(version, target)
    rolls = [*version_rolls(version, target), *rolls]
    for condition in move.conditions:
        if _concerns(condition, topology):
            (depends if condition.concerns is Concerns.VALUE else refused).append(_told(condition))
    return Judgement(tuple(refused), tuple(depends), tuple(rolls), move.may_roll)


def kubernetes_of(topology: Mapping[str, Any]) -> KubernetesVersion:
    """The Cluster's own version; Cluster API takes it without the v too. Raises VersionError."""
    text = topology.get("version")
    if not text:
        raise VersionError("it is missing")
    return KubernetesVersion.parse("v" + str(text).removeprefix("v"))


def _concerns(condition: Condition, topology: Mapping[str, Any]) -> bool:
    if condition.concerns is Concerns.WORKERS:
        return condition.name in set(_workers(topology))
    if condition.concerns is Concerns.HEALTH:
        return condition.name in set(_checked(topology))
    is_set = condition.name in set(_variables(topology))
    return not is_set if condition.concerns is Concerns.UNSET else is_set


def _told(condition: Condition) -> str:
    match condition.concerns:
        case Concerns.WORKERS:
            return f"the Cluster uses {condition.name}, which the class no longer has"
        case Concerns.HEALTH:
            return f"the Cluster switches the health check of {condition.name} on, which the class no longer defines"
        case Concerns.SET:
            return f"the Cluster sets the variable {condition.name}, which the class no longer has"
        case Concerns.UNSET:
            return f"the Cluster does not set the variable {condition.name}, which the class requires"
        case Concerns.VALUE:
            _, colon, why = condition.reason.partition(": ")
            of = f"{condition.name}: {why}" if colon else condition.name
            return f"see that the Cluster's value fits the variable {of}"


def _workers(topology: Mapping[str, Any]) -> Iterator[str]:
    workers = as_map(topology.get("workers"))
    for kind, field in (("machineDeployment", "machineDeployments"), ("machinePool", "machinePools")):
        yield from (f"{kind} {as_map(item).get('class')}" for item in as_list(workers.get(field)))


def _checked(topology: Mapping[str, Any]) -> Iterator[str]:
    """The parts whose health check is switched on and defined by the class alone."""
    parts = [("controlPlane", topology.get("controlPlane"))]
    groups = as_list(as_map(topology.get("workers")).get("machineDeployments"))
    parts += [(f"machineDeployment {as_map(item).get('class')}", item) for item in groups]
    for name, part in parts:
        check = as_map(as_map(part).get("healthCheck") or as_map(part).get("machineHealthCheck"))
        own = check.keys() - {"enabled", "enable"}
        if (check.get("enabled") is True or check.get("enable") is True) and not own:
            yield name


def _variables(topology: Mapping[str, Any]) -> Iterator[str]:
    """The names of all that are set, for the Cluster or for some of its machines."""
    workers = as_map(topology.get("workers"))
    parts = [topology.get("controlPlane"), *as_list(workers.get("machineDeployments")),
             *as_list(workers.get("machinePools"))]
    lists = [topology.get("variables"), *(as_map(as_map(part).get("variables")).get("overrides") for part in parts)]
    yield from (str(as_map(item).get("name")) for each in lists for item in as_list(each))
