"""A published release that a new one is held against, read only as far as somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.finding import Related
from cluster_stacks.releases.contents import Key, group_of
from cluster_stacks.releases.facts import ReleaseFacts

_KUSTOMIZE = "kustomize.config.k8s.io/"


class Earlier:
    """One release in its folder. `origin` says what it is to the new one: `the last of its series`.

    `place` is where the folder is, as people and git write it: `rendered:releases/docker/scs/1-36/v3`. `same` says that
    it has the version of the new one, which was published with other content.
    """

    def __init__(
        self, facts: ReleaseFacts, origin: str, place: str, read: Callable[[str], bytes | None], *, same: bool = False
    ) -> None:
        """`read` gives the bytes of a file in the folder, None where there is no such file."""
        self.facts, self.origin, self.place, self.same = facts, origin, place, same
        self._read = read
        self._files: dict[str, bytes | None] = {}
        self._parsed: dict[str, dict[Key, Mapping[str, Any]]] = {}

    @property
    def name(self) -> str:
        return self.facts.name

    def file(self, path: str) -> bytes | None:
        """The bytes of a file; None where it is not there."""
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def object(self, kind: str, name: str, group: str) -> tuple[str, Mapping[str, Any]] | None:
        """An object of the class layer, with its file; None where there is none."""
        for item in self.facts.objects:
            if (item.kind, item.name, group_of(item.api_version)) == (kind, name, group):
                found = self.objects(item.file)
                return next(((item.file, value) for value in found.values()), None)
        return None

    def classes(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The ClusterClasses, each with its file."""
        for item in self.facts.objects:
            if item.kind == "ClusterClass":
                yield from ((item.file, value) for value in self.objects(item.file).values())

    def objects(self, path: str) -> Mapping[Key, Mapping[str, Any]]:
        """The objects in a file, by group, kind and `namespace/name`."""
        if path not in self._parsed:
            data = self.file(path)
            documents = load_documents(data, path) if data is not None else ()
            self._parsed[path] = {
                key_of(each.value): each.value for each in documents
                if isinstance(each.value, dict) and not str(each.value.get("apiVersion")).startswith(_KUSTOMIZE)
            }
        return self._parsed[path]

    def related(self, path: str, pointer: tuple[str | int, ...], message: str) -> Related:
        """A place in one of its files of one object."""
        where = f"{self.place}/{path}"
        data = self.file(path)
        if data is None:
            return Related(where, message=message)
        at = load_documents(data, path)[0].position(pointer)
        return Related(where, at.line, at.column, message)


def key_of(value: Mapping[str, Any]) -> Key:
    """What an object is: its group, kind and name, with the namespace before it where it has one."""
    metadata = value.get("metadata")
    about = metadata if isinstance(metadata, dict) else {}
    name = "/".join(str(part) for part in (about.get("namespace"), about.get("name")) if part)
    return group_of(str(value.get("apiVersion", ""))), str(value.get("kind", "")), name
