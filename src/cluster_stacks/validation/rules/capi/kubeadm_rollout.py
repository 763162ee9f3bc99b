"""How a control plane is rolled out, and how many machines it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import Kubeadm, kubeadm_objects
from cluster_stacks.validation.capi.semver import parse_semver
from cluster_stacks.validation.capi.view import mapping
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS640", "kubeadm-rollout", "a control plane that cannot be rolled out",
    "A control plane of kubeadm is rolled out one machine at a time: `maxSurge` is 1, or 0 where it has three "
    "machines or more. With etcd on its own machines it has an odd number of them, or no majority could be told. "
    "Replicas and the version come from the Cluster, so the templates of a class are asked for `maxSurge` alone.",
    source="Cluster API 1.14: webhook of KubeadmControlPlane and KubeadmControlPlaneTemplate",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds values of maxSurge and of replicas that the webhook refuses."""
    for found in kubeadm_objects(context):
        if found.control_plane:
            for pointer, message in (*_surge(found), *_replicas(found), *_version(found)):
                yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)


def _surge(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    at, strategy = found.field("rolloutStrategy", ("rollout", "strategy"))
    value = mapping(strategy, "rollingUpdate").get("maxSurge")
    if value is None or isinstance(value, bool) or not isinstance(value, int | str):
        return
    pointer = (*at, "rollingUpdate", "maxSurge")
    number = _number(value)
    if number not in (0, 1):
        yield pointer, f"maxSurge is {value!r}: a control plane is rolled out with 1 or 0"
    elif number == 0 and not found.template and _count(found.spec.get("replicas", 1)) < 3:
        yield pointer, "maxSurge is 0: a control plane of less than three machines needs 1"


def _number(value: int | str) -> int:
    """The number that Cluster API reads: 0 for a text that is none, a percentage among them."""
    if isinstance(value, int):
        return value
    digits = value.removeprefix("-").removeprefix("+")
    return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 3


def _replicas(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    value = found.spec.get("replicas", 1)
    if found.template or not isinstance(value, int) or isinstance(value, bool):
        return
    pointer = (*found.pointer, "replicas")
    external = mapping(found.config, "clusterConfiguration", "etcd").get("external")
    if value <= 0:
        yield pointer, f"{value} replicas: a control plane has at least one machine"
    elif value % 2 == 0 and not (isinstance(external, Mapping) and external):
        yield pointer, f"{value} replicas: with etcd on the control plane's machines their number must be odd"


def _version(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    version = found.spec.get("version")
    if not found.template and isinstance(version, str) and parse_semver(version.removeprefix("v")) is None:
        yield (*found.pointer, "version"), f"{version[:80]!r} is no version: write all of it, such as v1.36.1"
