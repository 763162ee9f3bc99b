"""A bundle: releases that one job rendered and judged, in one file, for the job that publishes.

A plain tar archive that is a function of its content alone. `bundle.json` comes first and says from what it was made;
then a `release.json` for each release with the SHA-256 of every file, and the files.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cluster_stacks.documents.json import dumps, loads
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.release import ImageUnit, Release
from cluster_stacks.publishing.rules import BUNDLE
from cluster_stacks.publishing.shards import Shard
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.layout import RELEASE_FILE

SCHEMA_VERSION = 1
_HEADER = "bundle.json"
_LARGEST = 64 << 20
"""Bytes of one file in a bundle."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a bundle was made from: the commit of the sources, the part of the stacks, the version of this tool."""

    source: str
    shard: Shard
    tool: str

    def as_json(self) -> dict[str, object]:
        return {"schemaVersion": SCHEMA_VERSION, "source": self.source, "shard": str(self.shard), "tool": self.tool}


@dataclass(frozen=True, slots=True)
class Bundled:
    """One release of a bundle, and the remarks that its job made on it: warnings and notes, without their details."""

    release: Release
    remarks: tuple[Finding, ...] = ()


def write_bundle(file: BinaryIO, header: Header, releases: Iterable[Bundled]) -> int:
    """Writes a bundle, one release after the other; gives how many there were."""
    count = 0
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, _HEADER, dumps(header.as_json()).encode())
        for count, item in enumerate(releases, 1):
            for name, data in _members(item, f"{count:06}"):
                _add(archive, name, data)
    return count


def _members(item: Bundled, folder: str) -> Iterator[tuple[str, bytes]]:
    release, unit = item.release, item.release.images
    parts: dict[str, Mapping[str, bytes]] = {"release": release.files, "images": unit.files if unit else {}}
    manifest = {
        "unit": {"version": unit.version, "digest": unit.digest} if unit else None,
        "remarks": [[each.rule, each.severity.value, each.message, each.path, each.line, each.column]
                    for each in item.remarks],
        "files": {
            part: {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}
            for part, files in parts.items()
        },
    }
    yield f"{folder}/manifest.json", dumps(manifest).encode()
    for part, files in parts.items():
        yield from ((f"{folder}/{part}/{path}", data) for path, data in sorted(files.items()))


def _remark(row: Any, stack: str) -> Finding:
    rule, severity, message, path, line, column = row
    return Finding(str(rule), Severity(severity), str(message), str(path), int(line), int(column), stack=stack)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)  # owner 0, mode 0644, time 0: the same everywhere
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


class BundleReader:
    """One bundle on disk. It is believed no further than its own digests go: callers compare it with the source."""

    def __init__(self, path: Path) -> None:
        """Raises CannotTell for a file that cannot be opened, Refused for one that is no bundle."""
        self._path = path
        with self._open() as archive:
            self.header = self._header(archive)

    def releases(self) -> Iterator[Bundled]:
        """The releases, one at a time. Raises Refused for a bundle that is damaged or cut off."""
        with self._open() as archive:
            self._header(archive)
            while (member := self._next(archive)) is not None:
                name, data = member
                if not name.endswith("/manifest.json"):
                    raise self._refused(f"{name} stands where a release begins")
                yield self._release(archive, name.removesuffix("manifest.json"), self._json(name, data))

    def _header(self, archive: tarfile.TarFile) -> Header:
        member = self._next(archive)
        if member is None or member[0] != _HEADER:
            raise self._refused("it does not begin with bundle.json")
        data = self._json(*member)
        if not isinstance(data, dict) or data.get("schemaVersion") != SCHEMA_VERSION:
            raise self._refused("its schemaVersion is not one that this cluster-stacks reads")
        try:
            return Header(str(data["source"]), Shard.parse(str(data["shard"])), str(data["tool"]))
        except (KeyError, CannotTell) as error:
            raise self._refused("bundle.json does not say from what it was made") from error

    def _json(self, name: str, data: bytes) -> Any:
        try:
            return loads(data, name)
        except Refused as refused:
            raise self._about(refused) from refused

    def _release(self, archive: tarfile.TarFile, folder: str, manifest: Any) -> Bundled:
        try:
            digests = manifest["files"]
            parts = {part: self._files(archive, f"{folder}{part}/", digests[part]) for part in ("release", "images")}
            facts = ReleaseFacts.from_json(parts["release"][RELEASE_FILE], f"{folder}release/{RELEASE_FILE}")
            unit = manifest["unit"]
            images = ImageUnit(unit["version"], unit["digest"], parts["images"]) if unit else None
            metadata: Metadata = facts.metadata
            release = Release(facts.stack, metadata, facts.data, parts["release"], (), images, facts.notes)
            remarks = (_remark(row, str(facts.stack)) for row in manifest["remarks"])
            return Bundled(release, tuple(remarks))
        except Refused as refused:
            raise self._about(refused) from refused
        except (KeyError, TypeError, ValueError, AttributeError) as error:  # of another form, or with other types
            raise self._refused(f"{folder}manifest.json is not what this tool writes") from error

    def _files(self, archive: tarfile.TarFile, prefix: str, digests: Mapping[str, str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for path, digest in digests.items():
            member = self._next(archive)
            if member is None or member[0] != prefix + path:
                raise self._refused(f"{prefix}{path} is missing")
            if hashlib.sha256(member[1]).hexdigest() != digest:
                raise self._refused(f"{prefix}{path} has other bytes than its digest says")
            found[path] = member[1]
        return found

    def _next(self, archive: tarfile.TarFile) -> tuple[str, bytes] | None:
        """The next member, which must be a plain file of a size that makes sense."""
        try:
            info = archive.next()
            if info is None:
                return None
            if not info.isreg() or info.size > _LARGEST:
                raise self._refused(f"{info.name} is no plain file of at most {_LARGEST >> 20} MiB")
            stream = archive.extractfile(info)
            data = stream.read() if stream else b""
        except (tarfile.TarError, EOFError, OSError) as error:
            raise self._refused(f"it is cut off or damaged ({error})") from error
        if len(data) != info.size:
            raise self._refused("it is cut off")
        return info.name, data

    def _open(self) -> tarfile.TarFile:
        try:
            return tarfile.open(self._path, mode="r:")
        except tarfile.TarError as error:
            raise self._refused(f"it is no archive ({error})") from error
        except OSError as error:
            raise CannotTell(f"cannot read the bundle {self._path}: {error.strerror}") from error

    def _about(self, refused: Refused) -> Refused:
        """What is wrong in a file of the bundle, said of the bundle, unless it already is."""
        if refused.findings[0].rule == BUNDLE.id:
            return refused
        return self._refused(f"{refused.findings[0].path}: {refused}")

    def _refused(self, why: str) -> Refused:
        message = f"the bundle {self._path.name} cannot be used: {why}; render that shard again"
        return Refused(Finding(BUNDLE.id, Severity.ERROR, message, key=why))
