"""Cluster API Provider Hetzner."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS653", "hetzner-provider", "a Hetzner machine that its webhook refuses",
    "A machine of Hetzner Cloud has an `imageName` or an `imageURL`, one of bare metal has an image by name and "
    "address or by path; with an `imageURLCommand` it has an address alone. The webhook judges machines, not their "
    "templates, so of a template only what no patch could mean is said.",
    source="Cluster API Provider Hetzner: api/v1beta1, read, not tried",
)
KINDS = ("HCloudMachine", "HetznerBareMetalMachine")


def problems(subject: Subject) -> Wrong:
    """What the webhooks refuse of every machine."""
    yield from _cloud(subject) if subject.kind == "HCloudMachine" else _bare_metal(subject)


def _cloud(subject: Subject) -> Wrong:
    name, url = text(subject.spec, "imageName"), text(subject.spec, "imageURL")
    if name and url:
        yield ("imageURL",), "imageName and imageURL: a machine has one image, keep one of them"
    elif not subject.template and not name and not url:
        yield ("imageName",), "the machine has no image: add imageName or imageURL"


def _bare_metal(subject: Subject) -> Wrong:
    install = subject.part("installImage")
    image, at = subject.part("installImage", "image"), ("installImage", "image")
    if text(install, "imageURLCommand"):
        for key in ("name", "path"):
            if text(image, key):
                yield (*at, key), f"an image that a command fetches has an address alone: remove {key}"
    elif image and not subject.template and not text(image, "path") and not (
        text(image, "name") and text(image, "url")
    ):
        yield at, "the image needs a name and a url, or a path"
