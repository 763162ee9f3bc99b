"""The file that each object of a release stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cluster_stacks.rendering.objects import Made

_UNSAFE = re.compile(r"[^a-z0-9.-]+")


def object_files(folder: str, objects: Sequence[Made], release: str) -> list[str]:
    """One path an object: `cluster-class/kubeadmcontrolplanetemplate-control-plane.yaml`, in the order of `objects`.

    The name leaves out the release's, so that two releases differ in content and not in the names of their files.
    """
    taken: set[str] = set()
    return [_free(f"{folder}{_stem(item, release)}", taken) for item in objects]


def _stem(item: Made, release: str) -> str:
    rest = item.name.removeprefix(release).strip("-.")
    parts: Iterable[str] = (_UNSAFE.sub("_", part.lower())[:100] for part in (item.kind, rest) if part)
    return "-".join(parts)


def _free(path: str, taken: set[str]) -> str:
    """The path, or the first free one with a number behind it: two groups may have one kind."""
    number = 1
    found = f"{path}.yaml"
    while found in taken:
        number += 1
        found = f"{path}.{number}.yaml"
    taken.add(found)
    return found
