"""metadata.yaml and overlay.yaml over a whole history: each content read once, and forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.layout import MARKS
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.batch import GitObject
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.log import Commit
from cluster_stacks.repository.paths import METADATA, OVERLAY
from cluster_stacks.repository.quick import quick_metadata
from cluster_stacks.versioning.sources import Reader, Versions

_AT_ONCE = 256
"""Commits whose metadata is read together."""
_BLOBS = 256
"""Contents that are held at once."""
_KEPT = 8192
"""Contents that are remembered: most come back as the state before the next change."""
_SMALL = 2**14
"""Bytes of the largest file that is read ahead; what is larger is read when it is asked for."""
_CLASS, _IMAGES = "/cluster-class/", b"images"
_CHART = "/Chart.yaml"
"""Of a chart, only the content says whether it changed in more than its own version."""


class Heads:
    """What a stack's own files say of its versions, by object id; other contents through a reader that forgets."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._reader = Reader(git, "HEAD")
        self._ahead: dict[str, bytes] = {}
        self._known: dict[tuple[StackId, str, str], Versions] = {}
        self._plain: dict[tuple[str, str], Metadata | None] = {}
        self._naming: dict[str, bool] = {}
        self._read = 0

    def read_ahead(self, commits: Iterable[Commit]) -> Iterator[Commit]:
        """The same commits, with the metadata that they bring read many at once."""
        source = iter(commits)
        while chunk := list(islice(source, _AT_ONCE)):
            if len(self._naming) > _KEPT * 8:
                self._naming.clear()
            self._ahead = {}
            classes = self._class_files(chunk)
            for item in self._read_at_once(chunk, classes):
                if item is None or item.type != "blob":
                    continue
                if item.oid in classes:
                    self._naming[item.oid] = item.too_large or _IMAGES in item.data
                elif item.size < _SMALL:
                    self._ahead[item.oid] = item.data
            yield from chunk

    def may_name_image(self, entry: Entry) -> bool:
        """Whether a file of the class may name an image, which takes a look at what it reads."""
        found = self._naming.get(entry.oid)
        if found is None:
            found = self._naming[entry.oid] = _IMAGES in self.blob(entry)
        return found

    def _class_files(self, commits: list[Commit]) -> set[str]:
        """The object ids of the class's files that commits change and that nobody has looked into."""
        return {
            side.oid
            for commit in commits
            for path, *sides in commit.changes
            if _CLASS in path
            for side in sides
            if side and side.oid not in self._naming and not side.is_submodule
        }

    def _read_at_once(self, commits: list[Commit], classes: set[str]) -> Iterable[GitObject | None]:
        """The contents that commits bring. Raises CannotTell, naming the commit, for one that is not there."""
        try:
            oids = iter(dict.fromkeys(oid for commit in commits for oid in _brought(commit, classes)))
            while some := list(islice(oids, _BLOBS)):
                yield from self._git.batch.read(some)
        except CannotTell as error:
            if len(commits) == 1:
                raise CannotTell(f"commit {commits[0].short} cannot be judged: {error}") from error
            for commit in commits:
                yield from self._read_at_once([commit], classes)

    def plain(self, stack: StackId, metadata: Entry) -> Metadata | None:
        """What a metadata.yaml of the usual form, a plain file, says; None for any other."""
        key = (metadata.oid, stack.minor)
        try:
            return self._plain[key]
        except KeyError:
            pass
        _trim(self._plain)
        found = self._plain[key] = quick_metadata(self.blob(metadata), stack.metadata_path, stack)
        return found

    def versions(self, stack: StackId, folder: Mapping[str, Entry], *, shared: bool = False) -> Versions:
        """What a stack's own folder says of its versions; `shared` as in Reader.versions."""
        metadata, overlay = folder.get(METADATA), folder.get(OVERLAY)
        if not folder.keys().isdisjoint(MARKS):
            self._forget(1)
            return self._reader.versions(stack, folder, shared=shared)
        key = (stack, metadata.oid if metadata else "", overlay.oid if overlay else "")
        found = self._known.get(key)
        if found is None:
            _trim(self._known)
            found = self._known[key] = self._versions(stack, metadata, overlay)
        return found

    def blob(self, entry: Entry) -> bytes:
        """The content of an entry."""
        ahead = self._ahead.get(entry.oid)
        if ahead is not None:
            return ahead
        self._forget(1)
        return self._reader.blob(entry)

    def fetch(self, entries: Iterable[Entry]) -> None:
        """Reads many entries at once."""
        wanted = list(entries)
        self._forget(len(wanted))
        self._reader.fetch(wanted)

    def _versions(self, stack: StackId, metadata: Entry | None, overlay: Entry | None) -> Versions:
        own = {OVERLAY: overlay} if overlay else {}
        plain = self.plain(stack, metadata) if metadata and metadata.mode.startswith("100") else None
        if plain:
            return (self._reader.versions(stack, own) if own else Versions())._replace(metadata=plain)
        self._forget(1)
        return self._reader.versions(stack, {METADATA: metadata, **own} if metadata else own)

    def _forget(self, more: int) -> None:
        """Begins anew before too much is kept."""
        self._read += more
        if self._read > _KEPT:
            self._reader, self._read = Reader(self._git, "HEAD"), more


def _brought(commit: Commit, classes: set[str]) -> Iterator[str]:
    """The object ids of what is read ahead."""
    for path, old, new in commit.changes:
        if path.endswith(METADATA):
            if new and not new.is_submodule:
                yield new.oid
        elif _CLASS in path:
            yield from (side.oid for side in (old, new) if side and side.oid in classes)
        elif path.endswith(_CHART):
            yield from (side.oid for side in (old, new) if side and not side.is_submodule)


def _trim(known: dict[tuple[str, str], Metadata | None] | dict[tuple[StackId, str, str], Versions]) -> None:
    """Forgets what was learned first where much is known."""
    if len(known) >= _KEPT:
        for old in list(islice(known, _KEPT // 8)):
            del known[old]  # type: ignore[arg-type]  # a key of this very mapping
