"""Cluster API's own infrastructure provider for tests and development: Docker* and Dev* kinds."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import listed, text
from cluster_stacks.validation.rules.capi.providers.kinds import Subject, Wrong

RULE = RuleInfo(
    "CS651", "docker-provider", "a Docker or Dev template that its webhook refuses",
    "Failure domains are a list sorted by name in v1beta2; in v1beta1 they are a mapping, which has no order. A Dev "
    "kind has one backend: of two inMemory is taken, of none docker, so either is a warning.",
    source="Cluster API 1.14: webhooks of the docker provider",
)
KINDS = ("DockerCluster", "DevCluster", "DevMachine")
_BACKENDS = ("docker", "inMemory")


def problems(subject: Subject) -> Wrong:
    """What the webhook refuses at creation."""
    inner = ("backend", "docker") if subject.kind == "DevCluster" else ()
    names = list(_names(subject, inner))
    if names != sorted(names):
        wanted = ", ".join(sorted(names))
        yield (*inner, "failureDomains"), f"failure domains must be sorted by name: {wanted}"


def doubts(subject: Subject) -> Wrong:
    """What the webhook takes, and what is probably not meant."""
    if not subject.kind.startswith("Dev"):
        return
    given = [name for name in _BACKENDS if subject.part("backend").get(name) is not None]
    if len(given) == 2:
        yield ("backend", "docker"), "two backends: inMemory is taken, and docker is not"
    elif not given:
        yield ("backend",), "no backend: Cluster API takes docker; say so, or say inMemory"


def _names(subject: Subject, inner: tuple[str, ...]) -> Iterator[str]:
    for _, domain in listed(subject.part(*inner), "failureDomains", ()):
        yield text(domain, "name")
