"""Cluster API Provider Azure."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS656", "azure-provider", "an Azure machine that its webhook refuses",
    "A template names no role assignment, because each machine has its own. `networkInterfaces` replace `subnetName` "
    "and `acceleratedNetworking`, and without extension operations there are no extensions.",
    source="Cluster API Provider Azure 1.21: api/v1beta1, read, not tried",
)
KINDS = ("AzureMachine",)


def problems(subject: Subject) -> Wrong:
    """What the webhook refuses at creation."""
    spec = subject.spec
    if subject.template and text(spec, "roleAssignmentName"):
        yield ("roleAssignmentName",), "a template cannot name a role assignment: remove roleAssignmentName"
    if subject.template and text(subject.part("systemAssignedIdentityRole"), "name"):
        yield ("systemAssignedIdentityRole", "name"), "a template cannot name a role assignment: remove name"
    if spec.get("networkInterfaces"):
        for key in ("subnetName", "acceleratedNetworking"):
            if spec.get(key) not in (None, ""):
                yield (key,), f"{key} beside networkInterfaces: say it of each interface instead"
    if spec.get("disableExtensionOperations") is True and spec.get("vmExtensions"):
        yield ("vmExtensions",), "vmExtensions beside disableExtensionOperations: remove one of them"
