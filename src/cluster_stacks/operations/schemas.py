"""The schemas that validation reads: what there is, and what the bundled ones are made of."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.settings import SETTINGS_PATH, Settings
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import parse_settings
from cluster_stacks.runtime.data import data_dir
from cluster_stacks.validation import kubernetes
from cluster_stacks.validation.folders import CRDS, DEFAULT_FOLDERS, DirectoryFolder, is_bundled
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.make import make_crds, make_kubernetes
from cluster_stacks.validation.sources import FILE, local_reader, module_reader, parse_sources
from cluster_stacks.validation.store import Store, minors


@dataclass(frozen=True, slots=True)
class KnownKind:
    """A kind that can be judged, and the folder that its schema is read from."""

    info: KindInfo
    folder: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Committed schemas against their sources: `differing` are (path, what is wrong), `unread` could not be made."""

    files: int
    differing: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]
    written: bool = False


def known_kinds(repo: Path | None, minor: str | None = None) -> list[KnownKind]:
    """All kinds with a schema: custom resources, those of the repository's folders, and Kubernetes' own of a minor.

    Without `minor` the newest counts. Raises CannotTell, Refused where a folder cannot be used.
    """
    folders = own_folders(repo) if repo else []
    store = Store(minor or minors()[-1], folders)
    found = [KnownKind(info, label) for info, label in store.kinds()]
    return sorted(found, key=lambda known: (known.info.group, known.info.kind, known.info.version))


def own_folders(repo: Path) -> list[DirectoryFolder]:
    """The folders of schemas in the work tree of a repository; none where `repo` is in no repository."""
    top, settings = repository_of(repo)
    folders = [DirectoryFolder(top / folder, folder) for folder in settings.schemas or DEFAULT_FOLDERS] if top else []
    return [folder for folder in folders if not is_bundled(folder)]


def check(crds: Path | None, *, rewrite: bool = False) -> Compared:
    """Makes every bundled schema again from its sources and compares.

    CRDs are read from the folder `crds`, or else from the Go module proxy. With `rewrite` the schemas are written where
    they differ, unless a source could not be read. Raises CannotTell where those of Kubernetes' kinds are missing.
    """
    root = data_dir("schemas")
    sources = parse_sources((root / FILE).read_bytes())
    with tempfile.TemporaryDirectory() as scratch:
        made, unread = make_crds(sources, local_reader(crds) if crds else module_reader(Path(scratch)))
    made |= make_kubernetes(sources)
    differing = _differences(root, made, complete=not unread)
    if rewrite and differing and not unread:
        write(root, {path: made[path] for path, _ in differing if path in made})
        for path, _ in differing:
            if path not in made:
                (root / path).unlink()
    return Compared(len(made), tuple(differing), tuple(unread), rewrite and bool(differing) and not unread)


def write(directory: Path, files: Mapping[str, bytes]) -> list[str]:
    """Writes what differs, each file whole or not at all, and gives the paths that were written."""
    written = []
    for path, data in sorted(files.items()):
        target = directory / path
        if target.is_file() and target.read_bytes() == data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            scratch.write_bytes(data)
            scratch.replace(target)
        finally:
            scratch.unlink(missing_ok=True)
        written.append(path)
    return written


def _differences(root: Path, made: Mapping[str, bytes], *, complete: bool) -> list[tuple[str, str]]:
    found = []
    for path, data in sorted(made.items()):
        committed = root / path
        if not committed.is_file():
            found.append((path, "is missing"))
        elif committed.read_bytes() != data:
            found.append((path, "is not what its source gives"))
    if complete:
        folders = (root / CRDS, root / kubernetes.FOLDER)
        there = {str(file.relative_to(root)) for folder in folders for file in folder.rglob("*") if file.is_file()}
        found += [(path, "comes from no source") for path in sorted(there - made.keys())]
    return found


def settings_of(repo: Path) -> Settings:
    """The settings in the work tree of a repository; the defaults where `repo` is in none. Raises Refused."""
    return repository_of(repo)[1]


def repository_of(repo: Path) -> tuple[Path | None, Settings]:
    """The top of the work tree that `repo` is in, None where it is in none, and the settings. Raises Refused."""
    try:
        top = Git.discover(repo).top
    except CannotTell:
        top = None
    file = top / SETTINGS_PATH if top else None
    # What is on disk counts, a link excepted: that is refused where settings are read from a snapshot.
    return top, parse_settings(file.read_bytes()) if file and file.is_file() and not file.is_symlink() else Settings()
