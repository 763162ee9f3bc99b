"""The tags of the images that kubeadm runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import Kubeadm, kubeadm_objects
from cluster_stacks.validation.capi.semver import parse_tolerant
from cluster_stacks.validation.capi.view import mapping, text
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS643", "kubeadm-image-tag", "a tag of CoreDNS or etcd that cannot be used",
    "A tag consists of letters, digits, `_`, `.` and `-`. That of CoreDNS must be a version as well, because Cluster "
    "API migrates its configuration by it.",
    source="Cluster API 1.14: webhook of KubeadmControlPlane and KubeadmControlPlaneTemplate",
)
_NOT_OF_A_TAG = re.compile(r"[^-a-zA-Z0-9_.]")


def check(context: Context) -> Iterator[Problem]:
    """Finds tags with other characters, and tags of CoreDNS that are no version."""
    for found in kubeadm_objects(context):
        if found.control_plane:
            for pointer, message in _tags(found):
                yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)


def _tags(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    for path, name in ((("dns",), "CoreDNS"), (("etcd", "local"), "etcd")):
        tag = text(mapping(found.config, "clusterConfiguration", *path), "imageTag")
        pointer: Pointer = (*found.place, "clusterConfiguration", *path, "imageTag")
        wrong = _NOT_OF_A_TAG.search(tag)
        if wrong:
            yield pointer, f"the tag {tag!r} of {name} holds {wrong[0]!r}: letters, digits, _ . and - are allowed"
        elif tag and name == "CoreDNS" and parse_tolerant(tag.replace("_", "+")) is None:
            yield pointer, f"the tag {tag!r} of CoreDNS is no version: write it as v1.12.1"
