"""Reads the tip of a rendered branch: what is published, and which paths are ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cluster_stacks.documents.json import loads
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.releases import layout
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.rules import BRANCH_FILE, refused
from cluster_stacks.releases.series import Published, Series
from cluster_stacks.releases.state import Delivered, Index
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot

Release = tuple[StackId, Version]


@dataclass(frozen=True)
class Branch:
    """A rendered branch at one commit; `Branch(git)` is one that does not exist yet.

    `entries` leaves out what stands in the folders of releases, but for their release.json: there may be very many.
    `folders` are those folders.
    """

    git: Git
    commit: str | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict, repr=False)
    folders: frozenset[str] = field(default=frozenset(), repr=False)
    index: Index | None = None
    series: Mapping[StackId, Series] = field(default_factory=dict, repr=False)
    delivered: Mapping[str, Delivered] = field(default_factory=dict, repr=False)

    @property
    def is_foreign(self) -> bool:
        """Whether something else wrote this branch: it has files, and no index of ours."""
        return self.index is None and bool(self.entries or self.folders)

    def find(self, stack: StackId, version: Version) -> Published | None:
        """What is published under that version, whatever became of it."""
        series = self.series.get(stack)
        return series.find(version) if series else None

    def live(self) -> list[Release]:
        """The live releases, stacks in their order, versions of each from old to new."""
        return live_releases(self.series)

    def release_entry(self, stack: StackId, version: Version) -> Entry:
        """The release.json of a published version. Raises Refused where somebody removed it."""
        return _present(self.entries, layout.release_path(stack, version))

    def facts(self, releases: Sequence[Release] | None = None) -> Iterator[ReleaseFacts]:
        """The release.json of `releases` (None: all live ones), in that order. Raises Refused for one that is none."""
        wanted = self.live() if releases is None else releases
        snapshot = CommitSnapshot(self.git, self.commit or "HEAD")
        entries = [self.release_entry(stack, version) for stack, version in wanted]
        for (stack, version), (entry, data) in zip(wanted, snapshot.read(entries), strict=True):
            facts = ReleaseFacts.from_json(data, entry.path)
            if (facts.stack, facts.version) != (stack, version):
                raise refused(BRANCH_FILE, f"{entry.path} is of {facts.name}: restore it", entry.path)
            yield facts

    @cached_property
    def hydrator(self) -> Mapping[str, str]:
        """The texts of hydrator.metadata: `drySha`, the source commit that the branch was made from, its `date` …

        Nothing that cannot be read stops a publish: the file is made anew.
        """
        entry = self.entries.get(layout.HYDRATOR)
        if self.commit is None or entry is None:
            return {}
        [(_, data)] = CommitSnapshot(self.git, self.commit).read([entry])
        try:
            value = loads(data, layout.HYDRATOR)
        except Refused:
            return {}
        return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}


def live_releases(series: Mapping[StackId, Series]) -> list[Release]:
    """The live releases of many series, stacks in their order, versions of each from old to new."""
    ordered = sorted(series, key=lambda stack: stack.sort_key)
    return [(stack, item.version) for stack in ordered for item in series[stack].live]


def read_branch(git: Git, commit: str | None) -> Branch:
    """The branch at `commit`; an empty one for None. Raises Refused where a file of ours cannot be read."""
    if commit is None:
        return Branch(git)
    snapshot = CommitSnapshot(git, commit)
    entries, folders = _sorted_out(snapshot.entries())
    if layout.INDEX not in entries:
        return Branch(git, commit, entries, folders)
    index: Index | None = None
    series: dict[StackId, Series] = {}
    delivered: dict[str, Delivered] = {}
    for entry, data in snapshot.read([_file(entry) for entry in entries.values() if _is_state(entry)]):
        if entry.path == layout.INDEX:
            index = Index.from_json(data, entry.path)
        elif stack := layout.parse_series_path(entry.path):
            series[stack] = _series(stack, data, entry.path)
        else:
            state = Delivered.from_json(data, entry.path)
            delivered[state.generator] = state
    return Branch(git, commit, entries, folders, index, series, delivered)


def _sorted_out(entries: list[Entry]) -> tuple[dict[str, Entry], frozenset[str]]:
    kept: dict[str, Entry] = {}
    folders: set[str] = set()
    for entry in entries:
        folder, name = _release_folder(entry.path)
        if folder:
            folders.add(folder)
        if not folder or name == layout.RELEASE_FILE:
            kept[entry.path] = entry
    return kept, frozenset(folders)


def _release_folder(path: str) -> tuple[str, str]:
    """The folder of the release or of the unit of images that `path` is in, and the path there; empty for others."""
    if not path.startswith(layout.RELEASES + "/"):
        return "", ""
    parts = path.split("/", 6)
    depth = 6 if len(parts) > 4 and parts[4] == layout.NODE_IMAGES else 5
    return ("/".join(parts[:depth]), "/".join(parts[depth:])) if len(parts) > depth else ("", "")


def _file(entry: Entry) -> Entry:
    """The entry, if it is a file: a link or a submodule in its place would be read as what it is not."""
    if not entry.mode.startswith("100"):
        raise refused(BRANCH_FILE, f"{entry.path} is no file: restore it from the branch's history", entry.path)
    return entry


def _is_state(entry: Entry) -> bool:
    in_state = entry.path.startswith(f"{layout.STATE}/{layout.DELIVERY}/") and entry.path.endswith(".json")
    return entry.path == layout.INDEX or in_state or layout.parse_series_path(entry.path) is not None


def _series(stack: StackId, data: bytes, path: str) -> Series:
    series = Series.from_json(data, path)
    if series.stack != stack:
        raise refused(BRANCH_FILE, f"{path} is of {series.stack}: restore it from the branch's history", path)
    return series


def _present(entries: Mapping[str, Entry], path: str) -> Entry:
    entry = entries.get(path)
    if entry is None:
        raise refused(BRANCH_FILE, f"{path} is gone from the branch: restore it from the branch's history", path)
    return entry
