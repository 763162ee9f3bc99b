"""Entries of Kubernetes' own lists are told apart by their keys where objects are applied by the server."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.api.parts import Fields, entries, pods
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS433", "repeated-entry", "two entries of a list that server-side apply cannot tell apart",
    "The API server takes an environment variable or a port twice, and the last counts. Server-side apply, which Flux "
    "uses and Argo CD may, refuses the object: the entries have the same key. Remove one.",
    Severity.WARNING,
    "Kubernetes: server-side apply, merge strategy; structured-merge-diff",
)
_LISTS = {"env": ("name",), "ports": ("containerPort", "protocol")}
_DEFAULTS = {"protocol": "TCP"}


def check(context: Context) -> Iterator[Problem]:
    """Finds environment variables and ports of a container that are there twice."""
    for pod in pods(context):
        for part in ("initContainers", "containers"):
            for index, container in entries(pod.spec, part):
                for at, message in _container(container):
                    pointer = (*pod.pointer, part, index, *at)
                    yield Problem(
                        pod.item.document, RULE.id, message, pointer, severity=RULE.severity, item=pod.item
                    )


def _container(container: Fields) -> Iterator[tuple[Pointer, str]]:
    for name, keys in _LISTS.items():
        seen: set[str] = set()
        for index, entry in entries(container, name):
            key = ", ".join(f"{entry.get(key) or _DEFAULTS.get(key, '')!s:.80}" for key in keys)
            if key in seen:
                yield (name, index), f"{key} is here a second time in {name}: server-side apply refuses that"
            seen.add(key)
