"""Documents become Kubernetes objects: each is one, there is one of each, and it is called what it must be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cluster_stacks.model.finding import Finding, ObjectRef, Related
from cluster_stacks.model.source import Position
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.loaded import Loaded

_REQUIRED: tuple[tuple[str, ...], ...] = (("apiVersion",), ("kind",), ("metadata", "name"))


@dataclass(frozen=True, slots=True)
class Made:
    """A document that a renderer made. `loaded` is the file it stands in; None where only `path` is known."""

    value: Any
    path: str
    index: int
    loaded: Loaded | None = None

    def at(self, *pointer: str, key: bool = False) -> Position:
        """Where the value at `pointer` stands in the source."""
        return self.loaded.position(self.index, pointer, key) if self.loaded else Position(0, 0)

    @property
    def ref(self) -> ObjectRef:
        return ObjectRef(*(_text(self.value, key) for key in _REQUIRED))

    @property
    def kind(self) -> str:
        return _text(self.value, ("kind",))

    @property
    def name(self) -> str:
        return _text(self.value, ("metadata", "name"))

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What the API server tells objects apart by: the version is not part of it."""
        api_version = _text(self.value, ("apiVersion",))
        group = api_version.rpartition("/")[0]
        return group, self.kind, _text(self.value, ("metadata", "namespace")), self.name


def made(loaded: Loaded) -> list[Made]:
    """All documents of a file."""
    return [Made(document.value, loaded.path, document.index, loaded) for document in loaded.documents]


def shape_findings(objects: Iterable[Made]) -> Iterator[Finding]:
    """What is no object: everything else about it can only be asked once this is empty."""
    for item in objects:
        missing = [".".join(key) for key in _REQUIRED if not _text(item.value, key)]
        if not isinstance(item.value, dict):
            message = f"a document that is a {_type(item.value)}: a Kubernetes object is a mapping"
        elif item.kind.endswith("List") and "items" in item.value:
            message = "a List is no object of its own: write its items as documents, with `---` between them"
        elif missing:
            message = f"a document without {' and '.join(missing)} (as text) is no Kubernetes object: add it"
        else:
            continue
        yield rules.finding(rules.NO_OBJECT, message, item.path, item.at(), key=f"{item.index} {message}")


def duplicate_findings(objects: Iterable[Made]) -> Iterator[Finding]:
    """The second of two objects that are one to the API server."""
    first: dict[tuple[str, str, str, str], Made] = {}
    for item in objects:
        other = first.setdefault(item.identity, item)
        if other is not item:
            at, there = item.at("metadata", "name"), other.at("metadata", "name")
            message = f"{item.kind} '{item.name}' is here twice: rename one, or remove it"
            related = (Related(other.path, there.line, there.column, "first here"),)
            yield rules.finding(rules.DUPLICATE_OBJECT, message, item.path, at, object_=item.ref, related=related)


def namespace_findings(objects: Iterable[Made]) -> Iterator[Finding]:
    """Objects that say which namespace they want."""
    for item in objects:
        if "namespace" in item.value["metadata"]:
            message = f"{item.kind} '{item.name}' names its namespace, which its delivery decides: remove it"
            at = item.at("metadata", "namespace", key=True)
            yield rules.finding(rules.NAMESPACE, message, item.path, at, object_=item.ref)


def class_name_findings(objects: Sequence[Made], release: str) -> Iterator[Finding]:
    """Objects of the class that another version of the stack would overwrite."""
    for item in objects:
        if item.name != release and not item.name.startswith(release + "-"):
            message = (
                f"{item.kind} '{item.name}' does not carry the release's name: "
                f"call it `<% release_name %>{'' if item.kind == 'ClusterClass' else '-…'}`"
            )
            at = item.at("metadata", "name")
            yield rules.finding(rules.OBJECT_NAME, message, item.path, at, object_=item.ref)


def image_name_findings(objects: Sequence[Made], names: Sequence[str], unit: str) -> Iterator[Finding]:
    """Objects of the node images that another version of them would overwrite."""
    for item in objects:
        if not item.name.endswith(f"-{unit}") and not any(item.name.startswith(name) for name in names):
            message = (
                f"{item.kind} '{item.name}' does not carry the version of the node images: "
                "call it `<% images.….name %>`, or let its name end in `-<% versions.node_image %>`"
            )
            at = item.at("metadata", "name")
            yield rules.finding(rules.OBJECT_NAME, message, item.path, at, object_=item.ref)


def _text(value: Any, keys: Sequence[str]) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _type(value: Any) -> str:
    return {list: "list", str: "text", bool: "truth value"}.get(type(value), "number")
