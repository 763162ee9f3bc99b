"""KubeadmControlPlane and KubeadmConfig, as objects and as templates, of either API version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cluster_stacks.validation.capi.view import VERSIONS, Values, mapping
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Pointer
from cluster_stacks.validation.rules.context import Context

_CONTROL_PLANE, _BOOTSTRAP = "controlplane.cluster.x-k8s.io", "bootstrap.cluster.x-k8s.io"
_KINDS = {
    ("KubeadmControlPlane", _CONTROL_PLANE): ("spec",),
    ("KubeadmControlPlaneTemplate", _CONTROL_PLANE): ("spec", "template", "spec"),
    ("KubeadmConfig", _BOOTSTRAP): ("spec",),
    ("KubeadmConfigTemplate", _BOOTSTRAP): ("spec", "template", "spec"),
}


class Kubeadm(NamedTuple):
    """An object that configures kubeadm. `pointer` and `spec` are of what a template is a template of.

    `config` is the kubeadm configuration in it, at `place`; for a control plane that is `kubeadmConfigSpec`. `old` says
    that the object is of v1beta1.
    """

    item: Item
    old: bool
    control_plane: bool
    template: bool
    pointer: Pointer
    spec: Values
    place: Pointer
    config: Values

    def field(self, old: str, new: tuple[str, ...]) -> tuple[Pointer, Values]:
        """A mapping of a control plane that has another name in v1beta1, with its pointer."""
        path = (old,) if self.old else new
        return (*self.pointer, *path), mapping(self.spec, *path)


def kubeadm_objects(context: Context) -> tuple[Kubeadm, ...]:
    """All of them in a context, made once."""
    return context.memo("capi.kubeadm", lambda: tuple(_found(context)))


def _found(context: Context) -> Iterator[Kubeadm]:
    for item in context.items:
        if not item.kind.startswith("Kubeadm"):
            continue
        group, version = split_api_version(item.api_version)
        path = _KINDS.get((item.kind, group))
        if path is not None and version in VERSIONS:
            yield _view(item, path, old=version == "v1beta1", control_plane=group == _CONTROL_PLANE)


def _view(item: Item, path: tuple[str, ...], *, old: bool, control_plane: bool) -> Kubeadm:
    pointer, spec = (*item.prefix, *path), mapping(item.value, *path)
    inner = ("kubeadmConfigSpec",) if control_plane else ()
    return Kubeadm(item, old, control_plane, len(path) > 1, pointer, spec, (*pointer, *inner), mapping(spec, *inner))
