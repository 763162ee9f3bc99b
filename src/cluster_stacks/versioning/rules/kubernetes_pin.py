"""Kubernetes versions in the sources are the stack's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.versioning.scan import found, matches, text_files

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
_TOPOLOGY = re.compile(rb"\s+version:\s*[\"']?v?\Z")


def check(source: StackSource) -> Iterator[Finding]:
    """One finding for each pin of another version."""
    own = str(source.metadata.kubernetes).removeprefix("v").encode()
    # Begins with a literal: ten times as fast as any digit, and there has been no other major.
    number = re.compile(rb"%d\.\d+\.\d+(?!\w|\.\d)" % source.metadata.kubernetes.major)
    for file in text_files(source, *_LAYERS):
        sample = file.path.endswith("/sample-cluster.yaml")
        for place, match in matches(file, number):
            if match.group() != own and (_is_kubernetes(file, match) or (sample and _is_topology(file, match))):
                version = match.group().decode()
                message = (
                    f"Kubernetes {version} is not the stack's {source.metadata.kubernetes}: "
                    "write <% kubernetes.version %>, or mend it where the file is no template"
                )
                yield found(RULE, source, file, place, message, version)


def _is_kubernetes(file: SourceFile, match: re.Match[bytes]) -> bool:
    start = match.start()
    return bool(_BEFORE.search(file.data, max(0, start - _REACH), start))


def _is_topology(file: SourceFile, match: re.Match[bytes]) -> bool:
    """Whether it is the value of a `version:` in a block; the class in the sample has no other."""
    start = file.data.rfind(b"\n", 0, match.start()) + 1
    return bool(_TOPOLOGY.match(file.data, start, match.start()))
