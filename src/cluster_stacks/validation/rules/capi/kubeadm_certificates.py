"""How long the certificates of a control plane hold."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import Kubeadm, kubeadm_objects
from cluster_stacks.validation.capi.view import Values, mapping
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS641", "kubeadm-certificates", "validity periods of certificates that contradict each other",
    "Certificates cannot outlive the authority that signs them (3650 days unless `caCertificateValidityPeriodDays` "
    "says otherwise), and machines must be replaced for expiring certificates later than they get new ones. Cluster "
    "API asks this of a control plane that has a rollout strategy; in v1beta1 every one has.",
    source="Cluster API 1.14: webhook of KubeadmControlPlane and KubeadmControlPlaneTemplate",
)
_CA_DAYS = 3650


def check(context: Context) -> Iterator[Problem]:
    """Compares the days that certificates, their authority and a rollout before expiry are given."""
    for found in kubeadm_objects(context):
        # Without a strategy the webhook returns early; v1beta1 has one by default, an object by its own webhook.
        strategy = found.field("rolloutStrategy", ("rollout", "strategy"))[1]
        if found.control_plane and (strategy or found.old or not found.template):
            for pointer, message in _contradictions(found):
                yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)


def _contradictions(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    cluster = mapping(found.config, "clusterConfiguration")
    days = _days(cluster, "certificateValidityPeriodDays")
    if not days:
        return
    authority = _days(cluster, "caCertificateValidityPeriodDays") or _CA_DAYS
    if days > authority:
        pointer: Pointer = (*found.place, "clusterConfiguration", "certificateValidityPeriodDays")
        yield pointer, f"certificates for {days} days, and an authority for {authority}: they cannot outlive it"
    at, before = found.field("rolloutBefore", ("rollout", "before"))
    expiry = _days(before, "certificatesExpiryDays")
    if expiry and expiry >= days:
        message = f"machines are replaced {expiry} days before expiry, and certificates hold {days}: say less than that"
        yield (*at, "certificatesExpiryDays"), message


def _days(value: Values, key: str) -> int:
    found = value.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0
