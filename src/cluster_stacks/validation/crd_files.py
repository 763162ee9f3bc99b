"""Where CRDs may stand that a user adds: files, folders, Helm charts (a folder or an archive), and what was fetched.

Of a chart count the files of `crds/`, its own and those of the charts within it, and CRDs among its templates that are
no templates: those that Helm would have to fill in are named, never guessed.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import CannotTell, Refused

SUFFIXES = (".yaml", ".yml", ".json")
CHART = "Chart.yaml"
_GZIP = b"\x1f\x8b"
_CRD = re.compile(rb"^[\"']?kind[\"']?:\s*[\"']?CustomResourceDefinition\b", re.MULTILINE)
_CONDITION = re.compile(rb"^\{\{-?\s*(if|end)\b[^{}]*\}\}[ \t]*\r?\n?", re.MULTILINE)
UNPACKED = 256 * 1024 * 1024
"""Bytes of all files of an archive together; MEMBERS is their number. No honest chart comes near."""
MEMBERS = 20_000


@dataclass(frozen=True, slots=True)
class Given:
    """Files that may hold CRDs. `source` names them to people where they are a chart; `notes` what was left out."""

    files: Mapping[str, bytes]
    source: str = ""
    notes: tuple[str, ...] = ()


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a packed file, as charts are."""
    return data.startswith(_GZIP)


def of_folder(folder: Path) -> Given:
    """The files of a folder, or of the chart that it is; paths are relative to it."""
    if not (folder / CHART).is_file():
        return Given({path: (folder / path).read_bytes() for path in _below(folder)})
    return _of_chart({path: (folder / path).read_bytes() for path in _below(folder)})


def of_archive(data: bytes, name: str) -> Given:
    """The CRDs of a packed chart. Raises CannotTell for what is none, or is larger than any honest one."""
    try:
        files = dict(_members(data, name))
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, OSError, zlib.error) as error:
        raise CannotTell(f"{name} is no packed chart: {error}") from error
    # Everything in it stands below one folder, which has the chart's name.
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1 or f"{next(iter(tops))}/{CHART}" not in files:
        raise CannotTell(f"{name} is no packed chart: one folder with a {CHART} is expected in it")
    return _of_chart({path.partition("/")[2]: content for path, content in files.items()})


def _below(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*")):
        if file.suffix in SUFFIXES and file.is_file():
            yield file.relative_to(folder).as_posix()


def _members(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    size = count = 0
    with tarfile.open(fileobj=io.BytesIO(data), mode="r|gz") as archive:
        for member in archive:
            count, size = count + 1, size + max(member.size, 0)
            if count > MEMBERS or size > UNPACKED:
                raise CannotTell(f"{name} unpacks to more than any chart holds: unpack it yourself, and name its files")
            path = PurePosixPath(member.name)
            if not member.isfile() or path.suffix not in SUFFIXES or path.is_absolute() or ".." in path.parts:
                continue  # nothing of the archive is written to disk; links lead nowhere
            if (content := archive.extractfile(member)) is not None:
                yield path.as_posix(), content.read()


def _of_chart(files: Mapping[str, bytes]) -> Given:
    found: dict[str, bytes] = {}
    notes: list[str] = []
    for path, data in sorted(files.items()):
        folders = _own_folders(path)
        if folders[:1] == ("crds",):
            found[path] = data
        elif folders[:1] == ("templates",) and _CRD.search(data):
            plain = _CONDITION.sub(b"", data)
            if b"{{" in plain:
                notes.append(f"{path} is a template: add what `helm template --include-crds` makes of it")
            else:
                found[path] = plain
    return Given(found, _chart_name(files[CHART]), tuple(notes))


def _own_folders(path: str) -> tuple[str, ...]:
    """The folders of a file within its own chart: `charts/x/crds/a.yaml` → ("crds",)."""
    folders = PurePosixPath(path).parts[:-1]
    while len(folders) > 2 and folders[0] == "charts":
        folders = folders[2:]
    return folders


def _chart_name(data: bytes) -> str:
    try:
        about = load(data, CHART).value
    except Refused:
        return ""
    words: Iterable[object] = (about.get("name"), about.get("version")) if isinstance(about, dict) else ()
    return " ".join(word for word in words if isinstance(word, str))[:120]
