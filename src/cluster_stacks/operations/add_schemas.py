"""More kinds for a repository: CRDs of files, folders, charts and addresses become schemas, with a record of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.settings import Settings
from cluster_stacks.operations.schemas import repository_of, write
from cluster_stacks.validation import crd_files, provenance
from cluster_stacks.validation.converter import Converted
from cluster_stacks.validation.crd_files import Given
from cluster_stacks.validation.folders import DEFAULT_FOLDERS, DirectoryFolder, read_index
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.make import convert_document, crds_in, folder_files
from cluster_stacks.validation.provenance import Origin


@dataclass(frozen=True, slots=True)
class Added:
    """What `schemas add` wrote: the kinds, the files, and what the user has to do yet."""

    kinds: tuple[KindInfo, ...]
    files: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """What one argument gave."""

    converted: tuple[Converted, ...]
    origins: tuple[Origin, ...]
    notes: tuple[str, ...]


def add(repo: Path, inputs: Sequence[str | Path], to: str | None = None, sha256: str | None = None) -> Added:
    """Converts the CRDs of files, folders, charts and https addresses into a folder of schemas of the repository.

    `to` is that folder, relative to the repository; without it the first that settings name. `sha256` is what the one
    input, a file or an address, must have. Nothing is written unless every CRD can be converted. Raises Refused where
    one cannot, CannotTell where there is none or no repository, or an address does not give it.
    """
    top, settings = repository_of(repo)
    if top is None:
        raise CannotTell(f"{repo} is in no work tree of Git: schemas are added to a repository")
    if sha256 is not None and len(inputs) != 1:
        raise CannotTell("--sha256 is of one file: add it alone")
    target = to or _named(settings)[0]
    directory = _within(top, target)
    read = [_read(top, str(text), sha256) for text in inputs]
    folder = DirectoryFolder(directory, target)
    origins = [origin for one in read for origin in one.origins]
    before = provenance.parse(folder.read(provenance.FILE), target)
    converted = [item for one in read for item in one.converted]
    files = folder_files(converted, read_index(folder))
    files[provenance.FILE] = provenance.dump(provenance.merged(before, origins))
    written = write(directory, files)
    notes = [note for one in read for note in one.notes]
    notes += [f"{origin.origin} is not what it was when it was added last" for origin in
              provenance.changed(before, origins)]
    if target not in _named(settings):
        notes.append(f"nothing reads {target} yet: add it to `schemas:` in .cluster-stacks.yaml")
    return Added(
        tuple(item.info for item in converted), tuple(f"{target}/{path}" for path in written), tuple(notes)
    )


def _named(settings: Settings) -> Sequence[str]:
    return settings.schemas or DEFAULT_FOLDERS


def _read(top: Path, text: str, sha256: str | None) -> _Read:
    path = Path(text)
    if "://" not in text and path.is_dir():
        if sha256 is not None:
            raise CannotTell(f"{text} is a folder: --sha256 is of one file")
        given = crd_files.of_folder(path)
        within = f"{text.rstrip('/')}/"
        # Of a folder each file has its own checksum: files come and go.
        whole = None
    else:
        name, data = _file(text)
        within = f"{name}/" if crd_files.is_archive(data) else ""
        _verify(name, data, sha256)
        given = crd_files.of_archive(data, name) if crd_files.is_archive(data) else Given({name: data})
        whole = Origin(_origin(top, path, name), _digest(data), ())
    found = list(_converted(given, within))
    if not found:
        left = "".join(f"; {note}" for note in given.notes)
        raise CannotTell(f"{text} holds no CustomResourceDefinition of apiextensions.k8s.io/v1{left}")
    if whole is not None:
        origins = [Origin(whole.origin, whole.sha256, _kinds(item for _, item in found))]
    else:
        origins = [
            Origin(_origin(top, path / file, file), _digest((path / file).read_bytes()),
                   _kinds(item for at, item in found if at == file))
            for file in dict.fromkeys(file for file, _ in found)
        ]
    return _Read(tuple(item for _, item in found), tuple(origins), given.notes)


def _file(text: str) -> tuple[str, bytes]:
    """The name and the content of a file or of an address."""
    if "://" in text:
        from cluster_stacks.runtime import fetch  # the network is not asked unless an address is named

        return fetch.shown(text), fetch.fetch(text)
    path = Path(text)
    if not path.exists():
        raise CannotTell(f"there is no {text}")
    return text, path.read_bytes()


def _verify(name: str, data: bytes, wanted: str | None) -> None:
    if wanted is not None and (found := _digest(data)) != wanted.lower():
        raise CannotTell(f"{name} has the sha256 {found}, not {wanted}: nothing is written")


def _converted(given: Given, within: str) -> Iterator[tuple[str, Converted]]:
    for file, data in given.files.items():
        for document in crds_in(data, within + file):
            source = given.source or (file if "://" in file else Path(file).name)
            for item in convert_document(document, source=source):
                yield file, item


def _kinds(items: Iterator[Converted]) -> tuple[str, ...]:
    return tuple(f"{item.info.kind} {item.info.api_version}" for item in items)


def _origin(top: Path, path: Path, name: str) -> str:
    """How a file is named where it is recorded: from the repository's top, or by its name alone where it is not in it.

    Where a person keeps it on a machine of theirs is nobody's business.
    """
    if "://" in name:
        return name
    full = path.resolve()
    return full.relative_to(top.resolve()).as_posix() if full.is_relative_to(top.resolve()) else Path(name).name


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _within(top: Path, target: str) -> Path:
    folder = (top / target).resolve()
    if not folder.is_relative_to(top.resolve()):
        raise CannotTell(f"{target} is not in the repository: --to names a folder of it")
    return folder
