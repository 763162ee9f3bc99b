"""The digests that say whether a version still has the content it was published with.

They cover the source and never the output, so that an upgrade of a tool invalidates nothing, and exactly what the
versioning rules call content: a change that asks for no bump changes no digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping

from cluster_stacks.model.settings import Settings
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import Layer, layer_of
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.releases.reads import Chain, chains, reads_image_name, values_read

_FORMAT = b"cluster-stacks source digest 1"
_RENDERING_SETTINGS: tuple[str, ...] = ()
"""Fields of Settings that change what is rendered: none today; a pin of a tool refuses, and changes nothing."""

_PATCH = frozenset({"kubernetes", "kubernetes.version", "kubernetes.number"})
"""The names of values that hold the Kubernetes patch."""

_CHART_VERSION = re.compile(rb"^version:[^\r\n]*", re.MULTILINE)


def source_digest(source: StackSource, settings: Settings) -> str:
    """`sha256:…` over all that one release is made of: effective files, versions, values read from `vars`, settings.

    A file counts by its path in the stack, its mode and its bytes, whether it is the minor's own or shared. Not
    content: files of no layer (README.md) and the `version:` of a Chart.yaml, which rendering stamps.
    """
    files = {path: file for path, file in source.files.items() if layer_of(path) is not None}
    names = _names(files.values())
    facts = {
        "stack": str(source.stack),
        "versions": source.metadata.as_dict(),
        "values": values_read("vars", source.vars, names),
        "settings": {name: getattr(settings, name) for name in _RENDERING_SETTINGS},
    }
    return _digest(facts, files)


def image_digest(source: StackSource, settings: Settings) -> str:
    """`sha256:…` over one unit of node images: its layer, its version, and the values that the layer reads.

    The names of images carry the Kubernetes version: where the layer, or the class, reads one, a patch renames what is
    imported.
    """
    files = source.layer(Layer.NODE_IMAGES)
    names = _names(files.values())
    version = str(source.metadata.kubernetes)
    kubernetes = {"version": version, "number": version[1:], "minor": source.stack.kubernetes_minor}
    read = values_read("kubernetes", kubernetes, names)
    users = names | _names(source.layer(Layer.CLUSTER_CLASS).values())
    if read.keys().isdisjoint(_PATCH) and any(reads_image_name(chain) for chain in users):
        read["kubernetes.version"] = version
    facts = {
        "stack": str(source.stack),
        "unit": str(source.metadata.node_image),
        "values": values_read("vars", source.vars, names) | read,
        "settings": {name: getattr(settings, name) for name in _RENDERING_SETTINGS},
    }
    return _digest(facts, files)


def _names(files: Iterable[SourceFile]) -> frozenset[Chain]:
    return frozenset().union(*(chains(file.data) for file in files))


def _digest(facts: Mapping[str, object], files: Mapping[str, SourceFile]) -> str:
    """Every part goes in with its length before it: no two inputs give the same stream of bytes."""
    digest = hashlib.sha256()

    def add(part: bytes) -> None:
        digest.update(b"%d:" % len(part))
        digest.update(part)

    add(_FORMAT)
    add(json.dumps(_ordered(facts), separators=(",", ":")).encode())
    for path in sorted(files):
        add(path.encode("utf-8", "surrogateescape"))
        add(files[path].mode.encode())
        add(content(path, files[path].data))
    return f"sha256:{digest.hexdigest()}"


def _ordered(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts in an order of their own. Within a value of `vars` the order counts: a template that loops shows it."""
    return {
        name: dict(sorted(value.items())) if isinstance(value, Mapping) else value
        for name, value in sorted(facts.items())
    }


def content(path: str, data: bytes) -> bytes:
    """What counts of a file in a layer: all of it, but for a Chart.yaml's own `version:`, which the version implies.

    `path` is relative to the stack's folder.
    """
    # Only the file at the top of a layer or of an addon: that of a vendored chart is content.
    if path.endswith("/Chart.yaml") and path.count("/") <= 2:
        return _CHART_VERSION.sub(b"version:", data, count=1)
    return data
