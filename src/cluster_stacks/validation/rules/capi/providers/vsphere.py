"""Cluster API Provider vSphere."""

from __future__ import annotations

import re

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.parts import seconds_of
from cluster_stacks.validation.capi.view import listed, text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS658", "vsphere-provider", "a vSphere machine that its webhook refuses",
    "A template names no virtual machine and no addresses, because each machine has its own. The hardware version is "
    "written as vmx-17, and a time for a soft power-off is for `powerOffMode: trySoft`.",
    source="Cluster API Provider vSphere 1.14: internal/webhooks, read, not tried",
)
KINDS = ("VSphereMachine",)
_HARDWARE = re.compile(r"vmx-[1-9][0-9]?")


def problems(subject: Subject) -> Wrong:
    """What the webhook refuses at creation."""
    spec, network = subject.spec, subject.part("network")
    if text(network, "preferredAPIServerCidr"):
        yield ("network", "preferredAPIServerCidr"), "preferredAPIServerCidr is not used any more: remove it"
    if subject.template and spec.get("providerID") is not None:
        yield ("providerID",), "a template cannot name a virtual machine: remove providerID"
    for pointer, device in listed(network, "devices", ("network",)):
        if subject.template and device.get("ipAddrs"):
            yield (*pointer, "ipAddrs"), "a template cannot give addresses: take them from a pool, or from DHCP"
    hardware = text(spec, "hardwareVersion")
    if hardware and not _HARDWARE.fullmatch(hardware):
        yield ("hardwareVersion",), f"{hardware!r} is no hardware version: write it as vmx-17"
    yield from _power_off(subject)


def _power_off(subject: Subject) -> Wrong:
    timeout = subject.spec.get("guestSoftPowerOffTimeout")
    if not isinstance(timeout, str):
        return
    if text(subject.spec, "powerOffMode") != "trySoft":
        yield ("guestSoftPowerOffTimeout",), "guestSoftPowerOffTimeout is for powerOffMode: trySoft"
    elif (seconds_of(timeout) or 0) <= 0:
        yield ("guestSoftPowerOffTimeout",), f"{timeout!r} is no time to wait: write a duration such as 5m"
