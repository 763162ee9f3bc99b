"""The files and users that kubeadm's configuration puts on machines."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import Kubeadm, kubeadm_objects
from cluster_stacks.validation.capi.view import listed, mapping, text
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS645", "kubeadm-sources", "a file or user with two contents",
    "The content of a file stands in `content` or is taken from a Secret by `contentFrom`; so with `passwd` and "
    "`passwdFrom` of a user. No path may be written twice.",
    source="Cluster API 1.14: webhooks of the kubeadm bootstrap and control plane provider",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds files and users with both sources, and paths that stand twice."""
    for found in kubeadm_objects(context):
        for pointer, message in (*_files(found), *_users(found)):
            yield Problem(found.item.document, RULE.id, message, pointer, item=found.item)


def _files(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    seen: set[str] = set()
    for at, file in listed(found.config, "files", found.place):
        path = text(file, "path")
        if text(file, "content") and mapping(file, "contentFrom"):
            yield (*at, "contentFrom"), f"the file {path} has content and contentFrom: keep one of them"
        if path in seen:
            yield (*at, "path"), f"the path {path} is written a second time: remove one of the files"
        seen.add(path)


def _users(found: Kubeadm) -> Iterator[tuple[Pointer, str]]:
    for at, user in listed(found.config, "users", found.place):
        if text(user, "passwd") and mapping(user, "passwdFrom"):
            yield (*at, "passwdFrom"), f"the user {text(user, 'name')} has passwd and passwdFrom: keep one of them"
