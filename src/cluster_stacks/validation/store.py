"""Which schema judges an object: Kubernetes' own kinds of one minor, bundled custom resources, the repository's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.near import near_names
from cluster_stacks.runtime.data import data_dir
from cluster_stacks.validation import kubernetes
from cluster_stacks.validation.folders import Folder, bundled, read_index, read_schema
from cluster_stacks.validation.index import KindInfo, split_api_version
from cluster_stacks.validation.schema_words import Schema

Key = tuple[str, str, str]


class Store:
    """Finds kinds and reads their schemas when they are asked for.

    Of several folders that know a kind the last wins, so that a repository may bring a newer CRD than the bundled one.
    """

    def __init__(self, minor: str, folders: Sequence[Folder] | None = None) -> None:
        """`minor` is of the Kubernetes version that objects are for (`1.36`); `folders` come after the bundled one.

        Raises CannotTell where the installation lacks its schemas, Refused where a folder is not fit to use.
        """
        self.minor = nearest_minor(minor)
        self.wanted_minor = minor
        self._schemas: dict[KindInfo, Schema] = {}
        self._kinds: dict[Key, tuple[KindInfo, Folder | None]] = {
            (info.group, info.version, info.kind): (info, None) for info in own_kinds(self.minor)
        }
        for folder in (bundled(), *(folders or ())):
            for info in read_index(folder):
                self._kinds[info.group, info.version, info.kind] = (info, folder)

    def find(self, api_version: str, kind: str) -> KindInfo | None:
        """What is known of a kind, by its exact name."""
        found = self._kinds.get((*split_api_version(api_version), kind))
        return found[0] if found else None

    def schema(self, info: KindInfo) -> Schema:
        """The closed JSON Schema of a kind that `find` gave: draft 7, whole in itself. Raises Refused.

        Besides what engines read it holds what `structural.BEYOND` names, for rules. Read once; not to be changed.
        """
        if info not in self._schemas:
            folder = self._kinds[info.group, info.version, info.kind][1]
            self._schemas[info] = read_schema(folder, info) if folder else _own_schema(info)
        return self._schemas[info]

    def kinds(self) -> Iterable[tuple[KindInfo, str]]:
        """All kinds with the label of the folder that each is read from."""
        for info, folder in self._kinds.values():
            yield info, folder.label if folder else "kubernetes"

    def advice(self, api_version: str, kind: str) -> str:
        """What to do about a kind that is not known: another version, a likely misspelling, or its CRD."""
        group, _ = split_api_version(api_version)
        versions = sorted(i.api_version for i, _ in self._kinds.values() if i.kind == kind)
        same_group = [text for text in versions if split_api_version(text)[0] == group]
        if same_group or (versions and not _is_custom(group)):
            return f"{kind} is known as {', '.join(same_group or versions)}"
        near = near_names(kind, {i.kind for i, _ in self._kinds.values() if i.group == group}, 1, 0.85)
        if near:
            return f"did you mean {near[0]}?"
        if not _is_custom(group):
            return f"Kubernetes {self.minor} has no such kind"
        return "add its CRD with `cluster-stacks schemas add FILE`"


def minors() -> tuple[str, ...]:
    """The Kubernetes minors whose own kinds are bundled, oldest first. Raises CannotTell where there is none."""
    found = (data_dir("schemas") / kubernetes.FOLDER).glob("*.json")
    names = sorted((path.stem for path in found), key=_number)
    if not names:
        raise CannotTell("this installation lacks the schemas of Kubernetes: install cluster-stacks again")
    return tuple(names)


def nearest_minor(minor: str) -> str:
    """The bundled minor that is the same, or else the nearest: the newest for a newer one, the oldest for an older."""
    known = minors()
    if minor in known:
        return minor
    older = [name for name in known if _number(name) <= _number(minor)]
    return older[-1] if older else known[0]


def _number(minor: str) -> tuple[int, ...]:
    return tuple(int(part) for part in minor.split(".") if part.isdecimal())


@cache
def _content(minor: str) -> dict[str, dict[str, Schema]]:
    path = data_dir("schemas") / kubernetes.minor_file(minor)
    content: dict[str, dict[str, Schema]] = json.loads(path.read_bytes())
    return content


def own_kinds(minor: str) -> list[KindInfo]:
    """Kubernetes' own kinds of a bundled minor."""
    return [kubernetes.kind_info(key, minor) for key in _content(minor)["kinds"]]


def _own_schema(info: KindInfo) -> Schema:
    content = _content(info.minor)
    name = str(content["kinds"][f"{info.api_version}/{info.kind}"])
    return kubernetes.closure(content["definitions"], name)


def _is_custom(group: str) -> bool:
    """Whether a group can be of a CRD: those of Kubernetes itself have no dot, or end in k8s.io without a project."""
    return "." in group and not (group.endswith(".k8s.io") and not group.endswith(".x-k8s.io"))
