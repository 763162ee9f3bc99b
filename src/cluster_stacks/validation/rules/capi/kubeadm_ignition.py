"""What Ignition cannot do."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import Kubeadm, kubeadm_objects
from cluster_stacks.validation.capi.view import listed, mapping, text
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS646", "kubeadm-ignition", "something that Ignition cannot do, or Ignition's settings without it",
    "With `format: ignition` machines read another configuration than cloud-init's: no compressed files, no inactive "
    "users, no bootCommands, partition tables of type gpt, filesystems without replaceFS and partition. The field "
    "`ignition` needs that format.",
    source="Cluster API 1.14: webhooks of the kubeadm bootstrap and control plane provider",
)
_CANNOT = "cannot be used with format: ignition"


def check(context: Context) -> Iterator[Problem]:
    """Finds fields that contradict the format."""
    for found in kubeadm_objects(context):
        ignition = found.config.get("format") == "ignition"
        if not ignition and mapping(found.config, "ignition"):
            message = "the field ignition needs format: ignition beside it"
            pointer = (*found.place, "ignition")
            yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)
        for pointer, message in (*_content(found), *_disks(found)) if ignition else ():
            yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)


def _content(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    for at, user in listed(found.config, "users", found.place):
        if user.get("inactive") is True:
            yield (*at, "inactive"), f"an inactive user {_CANNOT}"
    for at, file in listed(found.config, "files", found.place):
        if text(file, "encoding") in ("gzip", "gzip+base64"):
            yield (*at, "encoding"), f"a compressed file {_CANNOT}: write it plain, or as base64"
    if found.config.get("bootCommands"):
        yield (*found.place, "bootCommands"), f"bootCommands {_CANNOT}"


def _disks(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    setup, at = mapping(found.config, "diskSetup"), (*found.place, "diskSetup")
    for pointer, partition in listed(setup, "partitions", at):
        kind = text(partition, "tableType")
        if kind and kind != "gpt":
            yield (*pointer, "tableType"), f"a partition table of type {kind} {_CANNOT}: write gpt"
    for pointer, filesystem in listed(setup, "filesystems", at):
        for key in ("replaceFS", "partition"):
            if text(filesystem, key):
                yield (*pointer, key), f"{key} of a filesystem {_CANNOT}"
