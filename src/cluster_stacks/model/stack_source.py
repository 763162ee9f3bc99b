"""One stack, read whole from one snapshot: what rules of state judge, and what rendering starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cluster_stacks.model.layout import Layout
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import Layer, StackId, layer_of
from cluster_stacks.model.version import KubernetesVersion


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack of any layout.

    `metadata` is None where nothing in the sources says versions. `files` is keyed by the path relative to the stack's
    folder (`cluster-class/class.yaml`, `sample-cluster.yaml`), shared files under the same key as the minor's own, in
    sorted order. `vars` are the values of overlay.yaml, or what versions.yaml and stack.yaml say of addons.
    `kubernetes` is whole: None where only the minor is known.
    """

    stack: StackId
    metadata: Metadata | None
    files: Mapping[str, SourceFile]
    vars: Mapping[str, object]
    layout: Layout = Layout.NATIVE
    named: KubernetesVersion | None = None
    """The Kubernetes version by csctl.yaml or versions.yaml, for a stack without metadata."""

    @property
    def kubernetes(self) -> KubernetesVersion | None:
        """The whole version, by metadata.yaml where there is one."""
        if self.metadata is None:
            return self.named
        return self.metadata.kubernetes if self.metadata.patch_known else None

    @property
    def is_template(self) -> bool:
        """Whether its files are also those of other minors: names and pins in them can be right for one at most."""
        return self.layout is Layout.VERSIONS

    def layer(self, layer: Layer) -> dict[str, SourceFile]:
        """The effective files of one layer, root files that belong to it included."""
        return {path: file for path, file in self.files.items() if layer_of(path) is layer}


@dataclass(frozen=True, slots=True)
class StackSource(StackState):
    """A stack of the native layout: all that a release is made of."""

    metadata: Metadata
