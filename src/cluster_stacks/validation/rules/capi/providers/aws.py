"""Cluster API Provider AWS."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import Values, listed, text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS655", "aws-provider", "an AWS machine that its webhook refuses",
    "A template names no instance and no secret. Volumes of type io1 and io2 have `iops`, `throughput` is for gp3, a "
    "volume beside the root has a device name. A security group is named by id or by filters. Settings of cloud-init "
    "exclude ignition, and those of its secrets exclude `insecureSkipSecretsManager`.",
    source="Cluster API Provider AWS 2.13: webhooks, read, not tried",
)
KINDS = ("AWSMachine",)
_SECRETS = ("secretPrefix", "secretCount", "secureSecretsBackend")


def problems(subject: Subject) -> Wrong:
    """What the webhook refuses at creation."""
    spec = subject.spec
    if subject.template:
        yield from _instance(subject)
    yield from _cloud_init(subject)
    for pointer, volume, root in _volumes(subject):
        if text(volume, "type") in ("io1", "io2") and not volume.get("iops"):
            yield pointer, f"a volume of type {text(volume, 'type')} needs iops"
        if volume.get("throughput") is not None and text(volume, "type") != "gp3":
            yield (*pointer, "throughput"), "throughput is for volumes of type gp3"
        if not root and not text(volume, "deviceName"):
            yield pointer, "a volume beside the root needs a deviceName"
    for pointer, group in listed(spec, "additionalSecurityGroups", ()):
        if group.get("filters") and group.get("id") is not None:
            yield (*pointer, "filters"), "a security group has id and filters: keep one of them"


def _instance(subject: Subject) -> Wrong:
    if subject.spec.get("providerID") is not None:
        yield ("providerID",), "a template cannot name an instance: remove providerID"
    for key in ("secretPrefix", "secretCount"):
        if subject.part("cloudInit").get(key):
            yield ("cloudInit", key), f"a template cannot name a secret: remove {key}"


def _cloud_init(subject: Subject) -> Wrong:
    settings = subject.part("cloudInit")
    skips = settings.get("insecureSkipSecretsManager") is True
    given = [key for key in _SECRETS if settings.get(key)]
    if skips and given:
        yield ("cloudInit", given[0]), f"{given[0]} beside insecureSkipSecretsManager: no secret is made"
    if subject.spec.get("ignition") is not None and (skips or given):
        yield ("cloudInit",), "settings of cloud-init beside ignition: keep one of them"


def _volumes(subject: Subject) -> Iterator[tuple[tuple[str | int, ...], Values, bool]]:
    root = subject.part("rootVolume")
    if root:
        yield ("rootVolume",), root, True
    for pointer, volume in listed(subject.spec, "nonRootVolumes", ()):
        yield pointer, volume, False
