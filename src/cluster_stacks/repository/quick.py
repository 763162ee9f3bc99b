"""Reads the metadata.yaml that everybody writes twenty times as fast as a YAML reader does.

History reads thousands of them. What is not of exactly this form takes the real reader, so nothing is read otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from cluster_stacks.model.metadata import METADATA_API_VERSION, Component, Metadata
from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import KubernetesVersion, Version

# Stable versions only, unquoted, two spaces: every reader of YAML takes these scalars for the text that they are.
_FORM = re.compile(
    rb"apiVersion: " + re.escape(METADATA_API_VERSION.encode()) + rb"\n"
    rb"versions:\n"
    rb"  clusterStack: (v[1-9][0-9]{0,8})\n"
    rb"  kubernetes: (v[1-9][0-9]{0,3}\.[0-9]{1,4}\.[0-9]{1,4})\n"
    rb"  components:\n"
    rb"    clusterAddon: (v[1-9][0-9]{0,8})\n"
    rb"    nodeImage: (v[1-9][0-9]{0,8})\n"
)
_KUBERNETES = re.compile(r"v[1-9][0-9]*\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)")


def quick_metadata(data: bytes, path: str, stack: StackId) -> Metadata | None:
    """What `parse_metadata` gives for these bytes; None where only that can tell.

    Equal versions are mostly the same object.
    """
    match = _FORM.fullmatch(data)
    if match is None:
        return None
    texts = match.groups()
    kubernetes = _kubernetes(texts[1])
    if kubernetes is None or kubernetes.directory != stack.minor:
        return None
    positions = _Positions(data, path, stack)
    return Metadata(_version(texts[0]), kubernetes, _version(texts[2]), _version(texts[3]), positions)


@lru_cache(4096)
def _version(text: bytes) -> Version:
    return Version.parse(text.decode("ascii"))


@lru_cache(4096)
def _kubernetes(text: bytes) -> KubernetesVersion | None:
    written = text.decode("ascii")
    return KubernetesVersion.parse(written) if _KUBERNETES.fullmatch(written) else None


class _Positions(Mapping[Component, Position]):
    """Where the versions stand, read when a finding asks."""

    __slots__ = ("_source",)

    def __init__(self, data: bytes, path: str, stack: StackId) -> None:
        self._source = (data, path, stack)

    def _read(self) -> Mapping[Component, Position]:
        from cluster_stacks.repository.metadata import parse_metadata

        return parse_metadata(*self._source).positions

    def __getitem__(self, component: Component) -> Position:
        return self._read()[component]

    def __iter__(self) -> Iterator[Component]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())
