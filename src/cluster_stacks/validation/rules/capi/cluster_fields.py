"""What a Cluster must say whatever its class is."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi import parts
from cluster_stacks.validation.capi.cluster import ClusterView, clusters
from cluster_stacks.validation.capi.semver import parse_semver
from cluster_stacks.validation.capi.view import listed, mapping
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.qualified import annotations_problems, label_value, labels_problems
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS632", "cluster-fields", "a Cluster that no class could make right",
    "The name of a Cluster becomes the value of a label, so it has at most 63 characters. Networks are CIDRs. The "
    "topology's Kubernetes version has three numbers. Labels, annotations, taints and rollouts are what they are in a "
    "class.",
    source="Cluster API 1.14: webhook of Cluster",
)
CONCURRENCY = "topology.cluster.x-k8s.io/upgrade-concurrency"
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
Wrong = Iterator[tuple[Pointer, str]]


def check(context: Context) -> Iterator[Problem]:
    """Judges each Cluster by itself."""
    for cluster in clusters(context):
        for pointer, message in (*_own(cluster), *_topology(cluster), *_machines(cluster)):
            yield Problem(cluster.item.document, RULE.id, message, pointer, item=cluster.item)


def _own(cluster: ClusterView) -> Wrong:
    prefix = cluster.item.prefix
    wrong = label_value(cluster.name)
    if wrong:
        yield (*prefix, "metadata", "name"), f"the name {cluster.name[:80]!r} becomes a label's value, and {wrong}"
    # v1beta2's schema asks for a spec with something in it.
    spec = cluster.spec
    if (spec or cluster.old) and not any(spec.get(key) for key in ("topology", "controlPlaneRef", "infrastructureRef")):
        yield (*prefix, "spec"), "a Cluster needs a topology, or a controlPlaneRef or infrastructureRef: add one"
    for key in ("pods", "services"):
        blocks = mapping(cluster.spec, "clusterNetwork", key).get("cidrBlocks")
        for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
            if isinstance(block, str) and not is_cidr(block):
                pointer = cluster.at("clusterNetwork", key, "cidrBlocks", number)
                yield pointer, f"{block[:80]!r} is no CIDR: write an address and a length, such as 10.0.0.0/16"


def _topology(cluster: ClusterView) -> Wrong:
    version = cluster.kubernetes
    if version and parse_semver(version.removeprefix("v")) is None:
        yield cluster.at("topology", "version"), f"{version[:80]!r} is no version: write all of it, such as v1.36.1"
    annotations = mapping(cluster.item.metadata, "annotations")
    value = annotations.get(CONCURRENCY)
    if isinstance(value, str) and not (_NUMBER.fullmatch(value) and int(value) > 0):
        pointer = (*cluster.item.prefix, "metadata", "annotations", CONCURRENCY)
        yield pointer, f"{value[:80]!r} machines cannot be upgraded at a time: write a number from 1 on"


def _machines(cluster: ClusterView) -> Wrong:
    """What is put on the machines of each part of the topology."""
    strategy = ("strategy",) if cluster.old else ("rollout", "strategy")
    for at, value in (cluster.control_plane, *((group.pointer, group.value) for group in cluster.groups)):
        metadata = mapping(value, "metadata")
        yield from labels_problems(metadata.get("labels"), (*at, "metadata", "labels"))
        yield from annotations_problems(metadata.get("annotations"), (*at, "metadata", "annotations"))
        for pointer, taint in listed(value, "taints", at):
            wrong = parts.taint_problem(taint)
            if wrong:
                yield (*pointer, "key"), wrong
    for group in cluster.groups:
        if not group.pool:
            rolling = mapping(group.value, *strategy, "rollingUpdate")
            yield from parts.rollout_problems(((*group.pointer, *strategy, "rollingUpdate"), rolling))


def is_cidr(text: str) -> bool:
    """Whether Go's net.ParseCIDR takes it: bits of the host may be set, zones and leading zeros may not be there."""
    address, slash, length = text.partition("/")
    if not slash or not (length.isascii() and length.isdigit()) or len(length) > 9 or "%" in address:
        return False
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return int(length) <= found.max_prefixlen
