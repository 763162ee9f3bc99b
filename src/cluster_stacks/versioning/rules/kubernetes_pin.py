"""Kubernetes versions in the sources are the stack's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.layout import is_topology
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.scan import found, is_content, matches, pointer_of, text_files
from cluster_stacks.versioning.upstream import is_native, pinned

RULE = RuleInfo(
    "CS152", "kubernetes-pin", "a Kubernetes version in the sources differs from versions.kubernetes",
    "Names and URLs of images, build instructions and the sample Cluster name the Kubernetes version that "
    "metadata.yaml names. Templates write `<% kubernetes.version %>`; what is no template is kept in step by hand.",
    source="cluster-stacks specification, versioning",
)

_LAYERS = (Layer.CLUSTER_CLASS, Layer.NODE_IMAGES)
# Only what is plainly Kubernetes' own version: many tools number their minors alike (cri-tools, cloud providers).
_NAMES = rb"kubernetes|kubeadm|kubelet|kubectl|kube|kindest/node|kube-(?:apiserver|controller-manager|scheduler|proxy)"
_BETWEEN = rb"[-_ ]?(?:semver|version|ver|tag)?[\"']?\s{0,2}[-_:=@/]{1,2}\s{0,2}[\"']?"
_BEFORE = re.compile(rb"(?i:(?<![a-z0-9])(?:" + _NAMES + rb")" + _BETWEEN + rb"|dl\.k8s\.io/(?:release/)?)v?\Z")
_REACH = 60
_TOPOLOGY_VERSION = ("spec", "topology", "version")
_TOPOLOGY = re.compile(rb"\s+version:\s*[\"']?v?\Z")


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each pin of another version; of another minor, where the stack's patch is not known."""
    own = pinned(source)
    if own is None:
        return
    # Begins with a literal: ten times as fast as any digit, and there has been no other major.
    number = re.compile(rb"%d\.\d+\.\d+(?!\w|\.\d)" % own.major)
    for file in text_files(source, *_LAYERS):
        for place, match in matches(file, number):
            version = match.group().decode()
            if not own.is_of(version) and _is_pin(file, match) and is_content(file, match):
                mend = (
                    "write <% kubernetes.version %>, or mend it where the file is no template" if is_native(source)
                    else "mend it"
                )
                message = f"Kubernetes {version} is not the stack's {own}: {mend}"
                yield found(RULE, source, file, place, message, version)


def _is_pin(file: SourceFile, match: re.Match[bytes]) -> bool:
    return _is_kubernetes(file, match) or (_is_sample(file.path) and _is_topology(file, match))


def _is_sample(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name == "sample-cluster.yaml" or is_topology(name)


def _is_kubernetes(file: SourceFile, match: re.Match[bytes]) -> bool:
    start = match.start()
    return bool(_BEFORE.search(file.data, max(0, start - _REACH), start))


def _is_topology(file: SourceFile, match: re.Match[bytes]) -> bool:
    """Whether it is the version of the topology; where the file is no YAML yet, that of any block."""
    pointer = pointer_of(file, match)
    if pointer:
        return pointer == _TOPOLOGY_VERSION
    start = file.data.rfind(b"\n", 0, match.start()) + 1
    return bool(_TOPOLOGY.match(file.data, start, match.start()))
