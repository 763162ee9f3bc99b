"""Kubernetes versions in a release are the release's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.validation.capi.view import ClassView, classes, mapping, text
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.texts import texts_of

RULE = RuleInfo(
    "CS706", "version-pin", "a Kubernetes version that is not the release's",
    "metadata.yaml says which Kubernetes a release is of. A class that lists kubernetesVersions without it takes no "
    "Cluster of the release. Another version in the name or the address of a machine's image, or in kubeadm's "
    "configuration, is a warning: write <% kubernetes.version %>.",
    source="this project; Cluster API: Cluster webhook",
)
_VERSION = re.compile(r"(?<![0-9.])v?(1\.[2-9][0-9]\.[0-9]+)(?![0-9])", re.ASCII)
_FIELDS = ("image", "ami", "template", "url")
_KUBEADM = ("bootstrap.cluster.x-k8s.io", "controlplane.cluster.x-k8s.io")
_KUBEADM_PATHS = (
    ("spec", "template", "spec", "clusterConfiguration"),
    ("spec", "template", "spec", "kubeadmConfigSpec", "clusterConfiguration"),
)
_MACHINES = ("infrastructure.cluster.x-k8s.io", "openstack.k-orc.cloud")


def check(context: Context) -> Iterator[Problem]:
    """Finds versions of Kubernetes in the objects of a release that are not the one of its metadata."""
    release = context.release
    if release is None or not release.metadata.patch_known:
        return
    for view in classes(context):
        yield from _listed(view, release)
    version = str(release.metadata.kubernetes)
    for item in context.items:
        for pointer, found in _pins(item):
            if found != version.removeprefix("v"):
                message = f"v{found} is not the release's Kubernetes: {version}"
                yield Problem(item.document, RULE.id, message, pointer, severity=Severity.WARNING, item=item)


def _listed(view: ClassView, release: Release) -> Iterator[Problem]:
    version = str(release.metadata.kubernetes)
    if view.kubernetes_versions and version not in [text for _, text in view.kubernetes_versions]:
        message = f"kubernetesVersions lacks {version}, the release's own, so no Cluster of it is taken: add it"
        yield view.problem(RULE, message, view.at("kubernetesVersions"))


def _pins(item: Item) -> Iterator[tuple[Pointer, str]]:
    group = split_api_version(item.api_version)[0]
    if group in _KUBEADM:
        for path in _KUBEADM_PATHS:
            found = text(mapping(item.value, *path), "kubernetesVersion")
            if found:
                yield (*item.prefix, *path, "kubernetesVersion"), found.removeprefix("v")
    elif group in _MACHINES and (item.kind.endswith("MachineTemplate") or item.kind == "Image"):
        for pointer, said in texts_of(item.value.get("spec"), (*item.prefix, "spec")):
            match = _VERSION.search(said)
            if match and any(word in str(part).lower() for part in pointer[len(item.prefix) + 2:] for word in _FIELDS):
                yield pointer, match[1]
