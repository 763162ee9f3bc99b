"""What changed in one stack, and which versions it had before, has now, and has on the target branch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cluster_stacks.model.metadata import LAYER_COMPONENT, Component, Metadata
from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import LAYERS, Layer, StackId
from cluster_stacks.model.version import KubernetesVersion

if TYPE_CHECKING:
    from cluster_stacks.versioning.identity import Loss


class Status(StrEnum):
    """What became of the stack."""

    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"


class LayerChange(NamedTuple):
    """Why a layer's content differs: `files` by their path in the stack, `values` that templates read.

    `shared` are those of `files` that stand in shared/; a value is told with its reader: `vars.cni, read by x.yaml`.
    `added` and `removed` are those that the other state does not have, `modes` those whose bytes are the same.
    """

    files: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()

    def word(self, key: str) -> str:
        """What became of one of the files: `added`, `removed`, `mode`, or nothing where its content differs."""
        words = (("added", self.added), ("removed", self.removed), ("mode", self.modes))
        return next((word for word, keys in words if key in keys), "")


class Origin(NamedTuple):
    """Another minor of the family that a new stack is a copy of, and the versions that it has in each state.

    `said` where overlay.yaml says so (`from`, at `position`); then `versions` is empty where there is no such minor.
    Otherwise it is one whose versions the new stack has.
    """

    minor: str
    versions: tuple[Metadata, ...]
    said: bool = False
    position: Position | None = None


class LostAddon(NamedTuple):
    """An addon that is not what it was in the stack `since`; `path` is where that was said, or now is."""

    loss: Loss
    since: StackId
    path: str


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
    origin: Origin | None = None
    lost: tuple[LostAddon, ...] = ()
    renamed: str = ""
    """For a stack that is removed: the minor that is new in the same change, if there is one."""
    kubernetes: tuple[KubernetesVersion | None, KubernetesVersion | None] | None = None
    """For a stack whose sources say no versions: Kubernetes before and now, where its patch is known. Else None."""

    @property
    def kubernetes_changed(self) -> bool:
        """Whether versions.kubernetes differs from the merge base, and from what the target has by now."""
        if self.kubernetes is not None:
            return self.status is Status.CHANGED and self.kubernetes[0] != self.kubernetes[1]
        if self.base is None or self.head is None or (self.tip and self.tip.kubernetes == self.head.kubernetes):
            return False
        return self.base.kubernetes != self.head.kubernetes

    @property
    def kubernetes_texts(self) -> tuple[str, str]:
        """Kubernetes at the merge base and now, for messages."""
        if self.kubernetes is not None:
            old, new = (str(version or "unknown") for version in self.kubernetes)
            return old, new
        return str(self.base and self.base.kubernetes), str(self.head and self.head.kubernetes)

    def changed(self, component: Component) -> bool:
        """Whether the content that a version stands for differs from the merge base, and from the target's."""
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
            reasons.append(f"kubernetes ({' to '.join(self.kubernetes_texts)})")
        if len(reasons) == 1:
            return reasons[0].replace(" (", " changed (", 1)
        return " and ".join(filter(None, [", ".join(reasons[:-1]), reasons[-1]])) + " changed" if reasons else ""


def _causes(layer: Layer, change: LayerChange) -> str:
    """The first cause, and how many more there are."""
    told = [_told(layer, key, change) for key in change.files[:1]] or list(change.values[:1])
    more = len(change.files) + len(change.values) - 1
    return told[0] + (f" and {more} more" if more else "")


def _told(layer: Layer, key: str, change: LayerChange) -> str:
    """`x.yaml removed`. A file of shared/ may be removed there, or by overlay.yaml."""
    word = change.word(key)
    shared = " in shared/" if key in change.shared and word != "removed" else ""
    name = _shown(layer, key)
    return (f"the mode of {name}" if word == "mode" else f"{name} {word}".rstrip()) + shared


def _shown(layer: Layer, key: str) -> str:
    from cluster_stacks.repository.paths import shown

    folder, _, rest = key.partition("/")
    return shown(rest if rest and folder in (layer.value, "node-image") else key)
