"""The files of a folder that may hold objects, and what must be judged together."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.documents.json import loads
from cluster_stacks.documents.yaml import Document, load_documents
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.stack import MINOR

SUFFIXES = (".yaml", ".yml", ".json")
CHART = "Chart.yaml"
RELEASE = "release.json"
KUSTOMIZE = "kustomize.config.k8s.io/"
GROUP = 8
"""Units that one worker judges at a time, at most."""
_WORD = re.compile(rb"[a-z0-9][a-z0-9.-]*")


class Unit(NamedTuple):
    """Files that are judged together, none of which needs a file of another unit."""

    number: int
    paths: Sequence[str]
    whole: bool
    """Whether every document must be an object: a file that was named."""


class Listing(NamedTuple):
    """The files of a folder: rendered releases, one by one, and all else together. `charts` are left out."""

    rest: Unit
    releases: Sequence[Unit]
    charts: Sequence[str]


@dataclass(slots=True)
class Documents:
    """What a unit holds: its objects by the Kubernetes minor that they are for, and what is none."""

    objects: dict[str, list[Document]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    others: int = 0


def listing(folder: Path) -> Listing:
    """Finds the files to judge; links and hidden folders are not followed. Raises CannotTell where nothing is there."""
    if not folder.exists():
        raise CannotTell(f"there is no {folder}")
    if folder.is_file():
        return Listing(Unit(0, (str(folder),), True), (), ())
    charts: list[str] = []
    rest: list[str] = []
    releases: dict[str, list[str]] = {}
    for release, path in _files(str(folder), charts):
        (releases.setdefault(release, []) if release else rest).append(path)
    alone = []
    said = _words_of_clusters(rest)
    for paths in releases.values():
        if said and not said.isdisjoint(_classes(paths)):
            rest += paths  # a Cluster and its class are judged together
        else:
            alone.append(paths)
    units = [Unit(number, tuple(paths), False) for number, paths in enumerate(alone, 1)]
    return Listing(Unit(0, tuple(rest), False), units, charts)


def _files(top: str, charts: list[str]) -> Iterator[tuple[str, str]]:
    """The folder of the release that a file belongs to, '' for none, and the file; charts are noted instead."""
    waiting = [(top, "")]
    while waiting:
        place, release = waiting.pop()
        with os.scandir(place) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        names = {entry.name for entry in entries}
        if CHART in names:
            charts.append(place)
            continue
        release = release or (place if RELEASE in names else "")
        before = "" if place == "." else os.path.join(place, "")  # noqa: PTH118 — as text: there may be many thousands
        folders = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    folders.append((before + entry.name, release))
            elif os.path.splitext(entry.name)[1] in SUFFIXES and not entry.is_symlink():  # noqa: PTH122
                yield release, before + entry.name
        waiting += reversed(folders)


def _words_of_clusters(paths: Sequence[str]) -> set[bytes]:
    """Every name that stands in files that may hold a Cluster with a topology."""
    words: set[bytes] = set()
    for path in paths:
        data = Path(path).read_bytes()
        if b"topology" in data:
            words.update(_WORD.findall(data))
    return words


def _classes(paths: Sequence[str]) -> Iterator[bytes]:
    """The names of the classes of a release, as it says itself."""
    path = next((path for path in paths if os.path.basename(path) == RELEASE), "")  # noqa: PTH119
    try:
        for each in json.loads(Path(path).read_bytes())["classes"]:
            yield each["name"].encode()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return


def alike(units: Sequence[Unit]) -> list[Sequence[Unit]]:
    """The units in groups whose files have the same sizes: most likely they differ in names only.

    Who judges one of them remembers what the others ask for as well.
    """
    groups: dict[tuple[int, ...], list[list[Unit]]] = {}
    for unit in units:
        found = groups.setdefault(tuple(os.stat(path).st_size for path in unit.paths), [])  # noqa: PTH116 — thousands
        if not found or len(found[-1]) == GROUP:
            found.append([])
        found[-1].append(unit)
    return [group for found in groups.values() for group in found]


def read(unit: Unit, kubernetes: str | None, newest: str) -> Documents:
    """The documents of a unit: for the minor `kubernetes`, else the one on their path, else the `newest`."""
    found = Documents()
    for path in unit.paths:
        with open(path, "rb") as file:  # noqa: PTH123 — pathlib costs as much as the read
            data = file.read()
        if not unit.whole and path.endswith(".json") and _is_no_object(data, path):
            found.others += 1
            continue
        try:
            documents = load_documents(data, path)
        except Refused as refused:
            found.findings += refused.findings
            continue
        objects = [document for document in documents if unit.whole or _is_meant(document.value)]
        found.others += len(documents) - len(objects)
        if objects:
            minor = kubernetes or minor_of(os.path.dirname(path)) or newest  # noqa: PTH120 — as text, and once a folder
            found.objects.setdefault(minor, []).extend(objects)
    return found


@lru_cache(maxsize=1024)
def minor_of(path: str) -> str:
    """The Kubernetes minor that a folder on a path names (`1-36`), '' where none does."""
    return next((part.replace("-", ".") for part in reversed(Path(path).parts) if MINOR.fullmatch(part)), "")


def _is_meant(value: object) -> bool:
    """Whether a document claims to be an object of the API server: whatever names a kind, or is no mapping at all.

    An apiVersion alone is that of a stack's metadata.yaml or clusteraddon.yaml, which other rules judge.
    """
    if not isinstance(value, dict):
        return True
    return "kind" in value and not str(value.get("apiVersion", "")).startswith(KUSTOMIZE)


def _is_no_object(data: bytes, path: str) -> bool:
    """Whether a JSON file is a mapping that claims to be none. That reader is the faster one, and knows no lines."""
    try:
        return not _is_meant(loads(data, path))
    except Refused:
        return False
