"""Cluster API Provider Metal3."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS654", "metal3-provider", "a Metal3 machine or cluster that its webhook refuses",
    "Unless `customDeploy` says how, a machine is made of an image with an address and, but for live-iso, a checksum. "
    "A cluster has an endpoint with host and port, in a template too: Metal3 makes none.",
    source="Cluster API Provider Metal3: internal/webhooks, read, not tried",
)
KINDS = ("Metal3Machine", "Metal3Cluster")


def problems(subject: Subject) -> Wrong:
    """What the webhooks refuse at creation."""
    yield from _machine(subject) if subject.kind == "Metal3Machine" else _cluster(subject)


def _machine(subject: Subject) -> Wrong:
    if not subject.spec or text(subject.part("customDeploy"), "method"):
        return
    image = subject.part("image")
    if "image" not in subject.spec:
        yield ("image",), "the machine has no image: add one, or say by customDeploy how it is made"
        return
    form = text(image, "format" if subject.version == "v1beta1" else "diskFormat")
    if image and form != "live-iso" and not text(image, "checksum"):
        yield ("image", "checksum"), "the image has no checksum: add it; only live-iso goes without"


def _cluster(subject: Subject) -> Wrong:
    endpoint = subject.part("controlPlaneEndpoint")
    missing = [key for key in ("host", "port") if not endpoint.get(key)]
    if subject.spec and missing:
        yield ("controlPlaneEndpoint",), f"the endpoint of the control plane needs {' and '.join(missing)}"
