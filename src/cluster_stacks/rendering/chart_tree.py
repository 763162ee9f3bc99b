"""A chart with the charts that stand in its charts/, packed or not: what each is called, and which values it knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.rendering.layout import CHART, VALUES, YAML
from cluster_stacks.rendering.packed import UNPACKED, BadArchive, unpack

DEPTH = 8
CHARTS = 200
"""Charts within charts, and all of them together. Helm itself has no such bounds."""
CHARTS_FOLDER = "charts/"
_USED = re.compile(rb"\.Values\.([A-Za-z_][A-Za-z0-9_]*)|(?:index|hasKey|get)\s+[$.]*\.?Values\s+\"([^\"\n]+)\"")
_ASKED = re.compile(rb"APIVersions\.Has\s*\(?\s*\"([^\"\n]+)\"")


@dataclass(frozen=True, slots=True)
class Node:
    """One chart.

    `key` is what its values stand under in the chart above, and what Helm calls its folder. `files` are its own, less
    those of its charts/. `values` are its defaults, None where they cannot be read. `entry` is its place among the
    dependencies of the chart above, None where they do not name it. `archive` is the file of the chart above.
    """

    key: str
    name: str
    version: str
    library: bool
    files: Mapping[str, bytes] = field(repr=False)
    dependencies: tuple[Mapping[str, Any], ...] = ()
    values: Mapping[str, Any] | None = None
    condition: str = ""
    entry: int | None = None
    archive: str = ""
    children: tuple[Node, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}".strip()

    def everything(self) -> Iterator[Node]:
        """This chart and all below it."""
        yield self
        for child in self.children:
            yield from child.everything()

    def known_values(self) -> frozenset[str] | None:
        """The keys at the top of its values that mean something to it; None where that cannot be told."""
        if self.values is None:
            return None
        known = {"global", "tags", *self.values, *_of_schema(self.files)}
        known.update(child.key for child in self.children)
        for dependency in self.dependencies:
            known.update(str(dependency.get(name) or "") for name in ("name", "alias"))
            conditions = str(dependency.get("condition") or "").split(",")
            known.update(condition.strip().partition(".")[0] for condition in conditions)
        for path, data in self.files.items():
            if path.startswith("templates/"):
                known.update(_decoded(match) for match in _USED.finditer(data))
        for child in self.children:
            if child.library:  # its templates work on the values of the chart that calls them
                known |= child.known_values() or frozenset()
        return frozenset(known)

    def asked_versions(self) -> set[str]:
        """The API versions that templates of this chart, or of those below it, ask the cluster for."""
        return {
            match[1].decode("utf-8", "replace")
            for node in self.everything() for path, data in node.files.items() if path.startswith("templates/")
            for match in _ASKED.finditer(data)
        }

    def crds(self) -> Iterator[Mapping[str, Any]]:
        """The CustomResourceDefinitions of the folders crds/, which Helm applies before all else."""
        for node in self.everything():
            for path, data in sorted(node.files.items()):
                if path.startswith("crds/") and path.endswith((*YAML, ".json")):
                    yield from _mappings(data, path)


def read_tree(files: Mapping[str, bytes]) -> Node:
    """The chart of a folder. Raises BadArchive, with the path that it is about, for a packed chart that is no good."""
    return _node(files, "", {}, None, "", _Budget(), 0)


def wrapped(data: bytes, umbrella: str, key: str, values: Mapping[str, Any]) -> Node:
    """A packed chart below an umbrella that gives it these values, and is nothing by itself. Raises BadArchive."""
    inner = _node(unpack(data), key, {}, 0, "", _Budget(), 1)
    dependency = {"name": inner.name, "alias": key}
    return Node(umbrella, umbrella, "", False, {}, (dependency,), {key: values}, children=(inner,))


class _Budget:
    def __init__(self) -> None:
        self.charts, self.size = CHARTS, UNPACKED

    def spend(self, files: Mapping[str, bytes]) -> None:
        self.charts -= 1
        self.size -= sum(map(len, files.values()))
        if self.charts < 0 or self.size < 0:
            raise BadArchive(f"more than {CHARTS} charts, or {UNPACKED >> 20} MiB of them, stand in one another")


def _node(
    files: Mapping[str, bytes], key: str, named: Mapping[str, Any], entry: int | None, archive: str,
    budget: _Budget, depth: int,
) -> Node:
    budget.spend(files)
    if depth > DEPTH:
        raise BadArchive(f"charts stand in one another more than {DEPTH} deep")
    about = next(iter(_mappings(files.get(CHART, b""), CHART)), {})
    given = about.get("dependencies")
    wanted = tuple(d for d in given if isinstance(d, dict)) if isinstance(given, list) else ()
    own = {path: data for path, data in files.items() if not path.startswith(CHARTS_FOLDER)}
    name = str(about.get("name") or key)
    return Node(
        key or name, name, str(about.get("version") or ""), about.get("type") == "library", own, wanted,
        _values(files), str(named.get("condition") or ""), entry, archive,
        tuple(_children(files, wanted, budget, depth)),
    )


def _children(
    files: Mapping[str, bytes], wanted: tuple[Mapping[str, Any], ...], budget: _Budget, depth: int
) -> Iterator[Node]:
    for archive, inner in _inner(files):
        about = next(iter(_mappings(inner.get(CHART, b""), CHART)), {})
        name, version = about.get("name"), str(about.get("version"))
        fitting = [(index, d) for index, d in enumerate(wanted) if d.get("name") == name]
        exact = [(index, d) for index, d in fitting if str(d.get("version")).lstrip("v") == version.lstrip("v")]
        for index, dependency in exact or fitting[:1]:
            key = str(dependency.get("alias") or name)
            yield _node(inner, key, dependency, index, archive, budget, depth + 1)
        if not fitting:
            yield _node(inner, "", {}, None, archive, budget, depth + 1)


def _inner(files: Mapping[str, bytes]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """The charts of charts/: the path of each, and its files."""
    folders: dict[str, dict[str, bytes]] = {}
    for path, data in sorted(files.items()):
        if not path.startswith(CHARTS_FOLDER):
            continue
        name, slash, rest = path.removeprefix(CHARTS_FOLDER).partition("/")
        if slash:
            folders.setdefault(name, {})[rest] = data
        elif name.endswith(".tgz"):
            try:
                yield path, unpack(data)
            except BadArchive as error:
                raise BadArchive(f"{path}: {error}") from error
    for name, inner in folders.items():
        if CHART in inner and not name.startswith((".", "_")):
            yield CHARTS_FOLDER + name, inner


def _mappings(data: bytes, path: str) -> list[Mapping[str, Any]]:
    """The documents of a file that are mappings; none where it cannot be read: Helm says what is wrong with it."""
    try:
        return [d.value for d in load_documents(data, path) if isinstance(d.value, dict)]
    except Refused:
        return []


def _values(files: Mapping[str, bytes]) -> Mapping[str, Any] | None:
    try:
        documents = load_documents(files.get(VALUES, b""), VALUES)
    except Refused:
        return None
    value = documents[0].value if documents else {}
    return value if isinstance(value, dict) else None


def _of_schema(files: Mapping[str, bytes]) -> list[str]:
    try:
        schema = json.loads(files.get("values.schema.json", b"{}"))
    except (ValueError, RecursionError):
        return []
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return list(properties) if isinstance(properties, dict) else []


def _decoded(match: re.Match[bytes]) -> str:
    return next(group for group in match.groups() if group is not None).decode("utf-8", "replace")
