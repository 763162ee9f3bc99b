"""How machines of a control plane find each other."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import Kubeadm, kubeadm_objects
from cluster_stacks.validation.capi.view import mapping
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS648", "kubeadm-join", "settings for init and join that contradict each other",
    "The first machine of a control plane runs `kubeadm init`, the others `kubeadm join`: "
    "`timeouts.controlPlaneComponentHealthCheckSeconds` must be the same in initConfiguration and joinConfiguration, "
    "or in neither. The user of a discovery file has one way to authenticate: authProvider or exec.",
    source="Cluster API 1.14: webhooks of the kubeadm bootstrap and control plane provider",
)
_SECONDS = "controlPlaneComponentHealthCheckSeconds"


def check(context: Context) -> Iterator[Problem]:
    """Compares the timeouts of control planes, and counts the ways to authenticate."""
    for found in kubeadm_objects(context):
        for pointer, message in (*_timeouts(found), *_user(found)):
            yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)


def _timeouts(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    if not found.control_plane or found.old:
        return
    values = {key: mapping(found.config, key, "timeouts").get(_SECONDS) for key in _BOTH}
    init, join = values.values()
    if init != join:
        where = _BOTH[0] if join is None else _BOTH[1]
        other = _BOTH[1] if join is None else _BOTH[0]
        said = "is missing" if values[other] is None else f"has {values[other]}"
        pointer = (*found.place, where, "timeouts", _SECONDS)
        yield pointer, f"{_SECONDS} is {values[where]} in {where} and {said} in {other}: write the same in both"


_BOTH = ("initConfiguration", "joinConfiguration")


def _user(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    path = ("joinConfiguration", "discovery", "file", "kubeConfig", "user")
    user = mapping(found.config, *path)
    if mapping(user, "authProvider") and mapping(user, "exec"):
        yield (*found.place, *path), "a user with authProvider and exec: keep one of them"
