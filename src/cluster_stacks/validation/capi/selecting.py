"""Which templates of a class a patch's selector selects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from cluster_stacks.validation.capi.builtins import Holder
from cluster_stacks.validation.capi.view import ClassView, Definition, Reference, Values, mapping, text


class Target(NamedTuple):
    """A template of a class in one of its places; patches are applied to each place by itself."""

    reference: Reference
    holder: Holder

    @property
    def place(self) -> str:
        """In words: `the control plane's machines`."""
        if self.reference.role == "infrastructure":
            return "the cluster's infrastructure"
        if self.reference.role == "control-plane":
            return "the control plane"
        if self.reference.role == "control-plane-machine":
            return "the control plane's machines"
        what = "configuration" if self.reference.role == "bootstrap" else "machines"
        return f"the {what} of {self.reference.worker!r}"


_HOLDERS = {
    "infrastructure": Holder.CLUSTER, "control-plane": Holder.CONTROL_PLANE,
    "control-plane-machine": Holder.CONTROL_PLANE,
}


def targets(view: ClassView) -> tuple[Target, ...]:
    """All places of a class that patches can reach, in the order in which it names them."""
    own = [Target(found, _HOLDERS[found.role]) for found in view.references if found.role in _HOLDERS]
    for worker in view.workers:
        holder = Holder.MACHINE_POOL if worker.pool else Holder.MACHINE_DEPLOYMENT
        own += [Target(found, holder) for found in (worker.bootstrap, worker.infrastructure) if found]
    return tuple(own)


def selected(definition: Definition, among: Sequence[Target]) -> Iterator[Target]:
    """The targets that a definition's selector selects."""
    for target in among:
        if selects(definition.selector, target):
            yield target


def selects(selector: Values, target: Target) -> bool:
    """Whether a selector selects a target (Cluster API: matchesSelector of the inline patch generator)."""
    reference = target.reference
    if not fits(selector, reference):
        return False
    match = mapping(selector, "matchResources")
    if target.holder is Holder.CLUSTER:
        return match.get("infrastructureCluster") is True
    if target.holder is Holder.CONTROL_PLANE:
        return match.get("controlPlane") is True
    key = "machineDeploymentClass" if target.holder is Holder.MACHINE_DEPLOYMENT else "machinePoolClass"
    return any(names(name, reference.worker) for name in class_names(match, key))


def fits(selector: Values, reference: Reference) -> bool:
    """Whether apiVersion and kind are the same."""
    return text(selector, "kind") == reference.kind and text(selector, "apiVersion") == reference.api_version


def class_names(match: Values, key: str) -> list[str]:
    """The names of worker classes that a selector gives."""
    found = mapping(match, key).get("names")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


@lru_cache(1024)
def names(pattern: str, worker: str) -> bool:
    """Whether a name with at most one `*`, at its beginning or end, is of a worker class."""
    if pattern in ("*", worker):
        return True
    if pattern.startswith("*"):
        return worker.endswith(pattern[1:])
    return pattern.endswith("*") and worker.startswith(pattern[:-1])
