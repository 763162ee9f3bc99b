"""What a new minor has from another Kubernetes version, and a person must look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import KubernetesVersion
from cluster_stacks.operations.creating import NewFile
from cluster_stacks.repository.overlay import parse_overlay
from cluster_stacks.repository.paths import METADATA, OVERLAY

_LOCK = "images.lock.yaml"


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that only a person knows: where it stands (line 0: the file as a whole), and what it is."""

    path: str
    line: int
    what: str


def left_to_edit(
    stack: StackId, files: Mapping[str, NewFile], before: Metadata, version: KubernetesVersion
) -> Iterator[Todo]:
    """What was right for the Kubernetes version that it was made from, and may be wrong for this one."""
    if version == before.kubernetes:
        return
    was = f"it is that of {before.kubernetes}"
    overlay = files.get(OVERLAY)
    path = f"{stack.path}/{OVERLAY}"
    if overlay:
        try:
            parsed = parse_overlay(overlay.data, path, stack)
        except Refused:
            return
        for where, value in _leaves(parsed.vars, ("vars",)):
            line = parsed.document.position(where).line if parsed.document else 0
            yield Todo(path, line, f"{'.'.join(where)} is {value}: {was}")
    old = re.compile(rf"\b{re.escape(before.kubernetes.directory)}\b|\b{before.kubernetes.major}\."
                     rf"{before.kubernetes.minor}\b".encode())
    for name, file in files.items():
        if name in (METADATA, OVERLAY) or file.mode == "120000":
            continue
        if name.endswith(f"/{_LOCK}"):
            yield Todo(f"{stack.path}/{name}", 0, f"the images are built for {before.kubernetes}: build them anew")
            continue
        for number, text in enumerate(file.data.splitlines(), 1):
            if old.search(text):
                yield Todo(f"{stack.path}/{name}", number, f"names {before.kubernetes.directory.replace('-', '.')}")


def _leaves(value: object, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*where, str(key)))
    elif not isinstance(value, bool):
        yield where, value
