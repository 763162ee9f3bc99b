"""The input of rendering: one stack, read whole from one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import Layer, StackId, layer_of


@dataclass(frozen=True, slots=True)
class StackSource:
    """All that a release is made of.

    `files` is keyed by the path relative to the stack's folder (`cluster-class/class.yaml`, `sample-cluster.yaml`),
    shared files under the same key as the minor's own, in sorted order. `vars` are the values of overlay.yaml.
    """

    stack: StackId
    metadata: Metadata
    files: Mapping[str, SourceFile]
    vars: Mapping[str, object]

    def layer(self, layer: Layer) -> dict[str, SourceFile]:
        """The effective files of one layer, root files that belong to it included."""
        return {path: file for path, file in self.files.items() if layer_of(path) is layer}
