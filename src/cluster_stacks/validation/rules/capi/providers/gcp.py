"""Cluster API Provider GCP."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS657", "gcp-provider", "a GCP machine that its webhook refuses",
    "A machine with confidential compute cannot be moved to another host while it runs, so `onHostMaintenance` must be "
    "Terminate.",
    source="Cluster API Provider GCP 1.13: webhooks, read, not tried",
)
KINDS = ("GCPMachine",)


def problems(subject: Subject) -> Wrong:
    """What the webhook refuses at creation."""
    confidential = text(subject.spec, "confidentialCompute")
    if confidential not in ("", "Disabled") and text(subject.spec, "onHostMaintenance") != "Terminate":
        yield ("confidentialCompute",), f"confidentialCompute {confidential} needs onHostMaintenance: Terminate"
