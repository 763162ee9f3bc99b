"""What changed in one stack, and which versions it had before, has now, and has on the target branch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from cluster_stacks.model.metadata import LAYER_COMPONENT, Component, Metadata
from cluster_stacks.model.stack import LAYERS, Layer, StackId


class Status(StrEnum):
    """What became of the stack."""

    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"


class LayerChange(NamedTuple):
    """Why a layer's content differs: `files` by their path in the stack, `values` that templates read.

    `shared` are those of `files` that stand in shared/; a value is told with its reader: `vars.cni, read by x.yaml`.
    """

    files: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()


class StackChange(NamedTuple):
    """One stack that differs between the merge base (`base`) and the proposed state (`head`).

    `tip` is its metadata at the tip of `target`, the branch that the change is meant for. `base` and `tip` are None
    where the stack is not there; with `unreadable`, where its metadata there cannot be read.
    """

    stack: StackId
    status: Status
    layers: Mapping[Layer, LayerChange]
    base: Metadata | None
    head: Metadata | None
    tip: Metadata | None
    target: str
    unreadable: bool = False
    bump: str = ""
    """The command that mends the versions."""

    @property
    def kubernetes_changed(self) -> bool:
        """Whether versions.kubernetes differs from the merge base."""
        return self.base is not None and self.head is not None and self.base.kubernetes != self.head.kubernetes

    def changed(self, component: Component) -> bool:
        """Whether the content that a version stands for differs from the merge base."""
        if component is Component.CLUSTER_STACK:
            return bool(self.layers) or self.kubernetes_changed
        return any(LAYER_COMPONENT[layer] is component for layer in self.layers)

    def reason(self, component: Component) -> str:
        """`cluster-class changed (templates/x.yaml and 2 more)`, for the layers that a version stands for."""
        reasons = [
            f"{layer} ({_causes(layer, self.layers[layer])})"
            for layer in LAYERS
            if layer in self.layers and component in (LAYER_COMPONENT[layer], Component.CLUSTER_STACK)
        ]
        if component is Component.CLUSTER_STACK and self.kubernetes_changed:
            assert self.base is not None
            assert self.head is not None
            reasons.append(f"kubernetes ({self.base.kubernetes} to {self.head.kubernetes})")
        if len(reasons) == 1:
            return reasons[0].replace(" (", " changed (", 1)
        return " and ".join(filter(None, [", ".join(reasons[:-1]), reasons[-1]])) + " changed" if reasons else ""


def _causes(layer: Layer, change: LayerChange) -> str:
    """The first cause, and how many more there are."""
    told = [_shown(layer, key) + (" in shared/" if key in change.shared else "") for key in change.files[:1]]
    told = told or list(change.values[:1])
    more = len(change.files) + len(change.values) - 1
    return told[0] + (f" and {more} more" if more else "")


def _shown(layer: Layer, key: str) -> str:
    from cluster_stacks.repository.paths import shown

    folder, _, rest = key.partition("/")
    return shown(rest if rest and folder in (layer.value, "node-image") else key)
