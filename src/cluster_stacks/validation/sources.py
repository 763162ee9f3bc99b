"""`schemas/sources.yaml`: what the bundled schemas are made of, and how to get it."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.runtime.process import ProcessFailed, run

FILE = "sources.yaml"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """In which releases of its project an API version is there, deprecated, not served, gone; "" where not known.

    It is of all kinds of the project, or of those in `kinds`; what names a kind wins over what names none.
    """

    version: str
    kinds: tuple[str, ...] = ()
    since: str = ""
    deprecated: str = ""
    unserved: str = ""
    removed: str = ""


@dataclass(frozen=True, slots=True)
class CrdSource:
    """CRDs of one version of one Go module. `files` are (path in the module, sha256); `folder` names a local copy.

    `filled` are required fields, by kind, that the project's own webhook fills before the schema is asked.
    """

    name: str
    folder: str
    module: str
    version: str
    contracts: Mapping[str, tuple[str, ...]]
    files: tuple[tuple[str, str], ...]
    lifecycle: tuple[Lifecycle, ...] = ()
    filled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def life_of(self, kind: str, version: str) -> Lifecycle | None:
        """What is known of one version of one kind."""
        of_version = (life for life in self.lifecycle if life.version == version)
        fitting = [life for life in of_version if not life.kinds or kind in life.kinds]
        return max(fitting, key=lambda life: bool(life.kinds), default=None)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources: of custom resources, and of Kubernetes' own kinds (a version of a PyPI package, and its minors)."""

    crds: tuple[CrdSource, ...]
    package: str
    package_version: str
    minors: tuple[str, ...]


Reader = Callable[[CrdSource], Mapping[str, bytes]]
"""Gives the files of a source by their path in the module. Raises CannotTell where it cannot."""


def parse_sources(data: bytes) -> Sources:
    """The content of sources.yaml. Raises Refused for what is no YAML, CannotTell for what is no list of sources."""
    value: Any = load(data, FILE).value
    try:
        kubernetes = value["kubernetes"]
        crds = tuple(_source(item) for item in value["crds"])
        minors = tuple(map(str, kubernetes["minors"]))
        return Sources(crds, str(kubernetes["package"]), str(kubernetes["version"]), minors)
    except (KeyError, TypeError, AttributeError) as error:
        raise CannotTell(f"{FILE} is not a list of sources: {error!r}") from error


def _source(item: Any) -> CrdSource:
    contracts = {name: tuple(versions) for name, versions in item.get("contracts", {}).items()}
    files = tuple((file["path"], file["sha256"]) for file in item["files"])
    lifecycle = tuple(_life(life) for life in item.get("lifecycle", ()))
    filled = {str(kind): tuple(map(str, fields)) for kind, fields in item.get("filled", {}).items()}
    version = str(item["version"])
    return CrdSource(item["name"], item["folder"], item["module"], version, contracts, files, lifecycle, filled)


def _life(item: Any) -> Lifecycle:
    releases = {key: str(item.get(key, "")) for key in ("since", "deprecated", "unserved", "removed")}
    return Lifecycle(str(item["version"]), tuple(map(str, item.get("kinds", ()))), **releases)


def local_reader(directory: Path) -> Reader:
    """Reads from a folder with a folder a source, in which each file has the name that it has in the module."""

    def read(source: CrdSource) -> dict[str, bytes]:
        found = {}
        for path, _ in source.files:
            file = directory / source.folder / path.rpartition("/")[2]
            try:
                found[path] = file.read_bytes()
            except OSError as error:
                raise CannotTell(f"{source}: cannot read {file}: {error.strerror}") from error
        return found

    return read


def module_reader(scratch: Path) -> Reader:
    """Reads from the Go module proxy, by `go mod download`, which verifies the module's checksum.

    `scratch` is an empty folder for the process to stand in: a go.mod near it would have a say.
    """

    def read(source: CrdSource) -> dict[str, bytes]:
        archive, version = _download(source, scratch)
        prefix = f"{source.module}@{version}/"
        try:
            with zipfile.ZipFile(archive) as module:
                return {path: module.read(prefix + path) for path, _ in source.files}
        except (KeyError, OSError, zipfile.BadZipFile) as error:
            raise CannotTell(f"{source}: {source.module}@{version} has no such file: {error}") from error

    return read


def _download(source: CrdSource, scratch: Path) -> tuple[Path, str]:
    # A module that wants a newer Go than is installed is not built here: its archive is all that is read, and `go`
    # names it even where it ends with an error. GOTOOLCHAIN=local keeps it from fetching a compiler first.
    env = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": ""}
    what = f"{source.module}@{source.version}"
    try:
        done = run(["go", "mod", "download", "-json", what], cwd=scratch, env=env, timeout=600, ok=(0, 1))
    except ProcessFailed as error:
        raise CannotTell(f"{source}: {error}") from error
    try:
        answer = json.loads(done.stdout or b"{}")
    except ValueError:
        answer = {}
    if not answer.get("Zip"):
        lines = str(answer.get("Error") or done.stderr.decode("utf-8", "replace")).split("\n")
        said = lines[0].strip().rpartition(": ")[2]
        raise CannotTell(f"{source}: the Go module proxy does not give {what} ({said}): name a folder with --crds")
    return Path(answer["Zip"]), str(answer["Version"])


def verified(source: CrdSource, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The same files, each with the sha256 that sources.yaml says. Raises CannotTell."""
    for path, wanted in source.files:
        found = hashlib.sha256(files[path]).hexdigest()
        if found != wanted:
            raise CannotTell(f"{source}: {path} has the sha256 {found}, and {FILE} says {wanted}")
    return files
