"""Cluster API Provider OpenStack."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import listed, text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS652", "openstack-provider", "an OpenStack machine or cluster that its webhook refuses",
    "A template names no instance (`providerID`). No additional block device is called root beside a `rootVolume`, a "
    "port without port security has no security groups, and a rule of a security group has one remote side: managed "
    "groups, a group or a prefix. What a webhook refuses of a machine is said of its template, because every machine "
    "would be refused.",
    source="Cluster API Provider OpenStack: pkg/webhooks, read, not tried",
)
KINDS = ("OpenStackMachine", "OpenStackCluster")
_REMOTE = ("remoteManagedGroups", "remoteGroupID", "remoteIPPrefix")
_RULES = ("allNodesSecurityGroupRules", "clusterNodesSecurityGroupRules", "controlPlaneNodesSecurityGroupRules",
          "workerNodesSecurityGroupRules")


def problems(subject: Subject) -> Wrong:
    """What the webhooks refuse at creation."""
    yield from _machine(subject) if subject.kind == "OpenStackMachine" else _cluster(subject)


def _machine(subject: Subject) -> Wrong:
    spec = subject.spec
    if subject.template and spec.get("providerID") is not None:
        yield ("providerID",), "a template cannot name an instance: remove providerID"
    if spec.get("rootVolume") is not None:
        for pointer, device in listed(spec, "additionalBlockDevices", ()):
            if text(device, "name") == "root":
                yield (*pointer, "name"), "the name root is that of the rootVolume: call the device otherwise"
    for pointer, port in listed(spec, "ports", ()):
        insecure = port.get("disablePortSecurity") is True or port.get("enablePortSecurity") is False
        if insecure and port.get("securityGroups"):
            yield (*pointer, "securityGroups"), "a port without port security cannot have security groups"


def _cluster(subject: Subject) -> Wrong:
    groups = subject.part("managedSecurityGroups")
    for key in _RULES:
        for pointer, rule in listed(groups, key, ("managedSecurityGroups",)):
            given = [name for name in _REMOTE if rule.get(name) is not None]
            if len(given) > 1:
                yield (*pointer, given[1]), f"{' and '.join(given)} in one rule: keep one of them, write a rule each"
