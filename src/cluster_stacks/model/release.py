"""A release: one version of one stack, rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.stack import StackId


@dataclass(frozen=True, slots=True)
class RenderedObject:
    """One Kubernetes object of a release.

    `file` is its path in the release folder; `source` the repository path of the file it came from and `index` its
    place among the documents of that file's output. Lines are found on demand: `rendering.locate`.
    """

    value: Mapping[str, object]
    file: str
    source: str
    index: int = 0

    @property
    def api_version(self) -> str:
        return str(self.value.get("apiVersion", ""))

    @property
    def kind(self) -> str:
        return str(self.value.get("kind", ""))

    @property
    def name(self) -> str:
        metadata = self.value.get("metadata")
        return str(metadata.get("name", "")) if isinstance(metadata, dict) else ""


@dataclass(frozen=True, slots=True)
class ImageUnit:
    """The node images of one nodeImage version: a folder of its own, because several releases may name it."""

    version: str
    digest: str
    files: Mapping[str, bytes]
    objects: tuple[RenderedObject, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A rendered release. `files` is keyed by the path in the release folder; `facts` is release.json, parsed."""

    stack: StackId
    metadata: Metadata
    facts: Mapping[str, object]
    files: Mapping[str, bytes]
    objects: tuple[RenderedObject, ...]
    images: ImageUnit | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.stack.release_name(self.metadata.cluster_stack)
