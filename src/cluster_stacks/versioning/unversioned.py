"""Changes of stacks whose sources say no versions: upstream's layouts that compute them at release."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.model.version import KubernetesVersion
from cluster_stacks.versioning.change import LayerChange, StackChange, Status
from cluster_stacks.versioning.sources import Versions


def is_unversioned(before: Versions, after: Versions, *, here: bool) -> bool:
    """Whether no metadata.yaml says the versions of a stack, and none has to."""
    side = after if here else before
    return side.metadata is None and side.told is not None


def is_there(change: StackChange) -> bool:
    """Whether the stack is there in the proposed state, of whatever layout."""
    return change.head is not None or (change.kubernetes is not None and change.status is not Status.REMOVED)


def unversioned_change(
    stack: StackId, before: Versions, after: Versions, layers: Mapping[Layer, LayerChange], target: str, *,
    there: bool, here: bool,
) -> StackChange | None:
    """How such a stack changed; None where it did not.

    Values that the layout gives addons (of versions.yaml, stack.yaml) are content of the cluster-addon layer.
    """
    kubernetes = (_kubernetes(before), _kubernetes(after))
    found = dict(layers)
    values = _changed_values(before, after) if there and here else ()
    if values:
        addon = found.get(Layer.CLUSTER_ADDON, LayerChange())
        found[Layer.CLUSTER_ADDON] = addon._replace(values=(*addon.values, *values))
    if there and here and not found and kubernetes[0] == kubernetes[1] and before.metadata is None:
        return None
    if not (there or here):
        return None
    status = Status.REMOVED if not here else Status.CHANGED if there else Status.NEW
    return StackChange(stack, status, found, before.metadata, None, None, target, kubernetes=kubernetes)


def _kubernetes(side: Versions) -> KubernetesVersion | None:
    if side.metadata is not None:
        return side.metadata.kubernetes if side.metadata.patch_known else None
    return side.told.kubernetes if side.told else None


def _changed_values(before: Versions, after: Versions) -> tuple[str, ...]:
    old, new = (side.told.vars if side.told else {} for side in (before, after))
    return tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))
