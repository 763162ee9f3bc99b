"""compose(tip): what the branch must become. Published releases stay as they are, all else is made anew from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cluster_stacks.documents.json import dumps
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing import shared
from cluster_stacks.publishing.deliver import Delivery, Generation, deliver
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.rules import FOREIGN_BRANCH, PATH_TAKEN
from cluster_stacks.publishing.source import SourceCommit, hydrator_metadata
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.publishing.verify import add_to_series
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.series import Series
from cluster_stacks.releases.state import Index


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a publish wants on the branch, apart from the tip that it starts at."""

    source: SourceCommit
    releases: Sequence[StagedRelease] = ()
    generations: Sequence[Generation] = ()
    repository_url: str = ""
    redeliver: bool = False


@dataclass(frozen=True, slots=True)
class Composition:
    """The next state of the branch, as changes of the tip: path → object id, None for what goes.

    `added` are the releases that are new on it. Where `changes` is empty there is nothing to commit.
    """

    changes: Mapping[str, str | None]
    added: tuple[StagedRelease, ...] = ()
    notes: tuple[str, ...] = ()


def compose(branch: Branch, wanted: Wanted, writer: ObjectWriter) -> Composition:
    """The branch with all that is wanted of it. `writer` gets every new content.

    Raises Refused where a published version has other content, or where a path is taken.
    """
    assert not branch.is_foreign, "asked by require_ours"
    added = tuple(item for item in wanted.releases if branch.find(item.stack, item.version) is None)
    series = add_to_series(branch.series, wanted.releases, wanted.source.oid)
    facts = sorted([*branch.facts(), *(item.facts for item in added)], key=lambda item: item.sort_key)
    oids = _release_oids(branch, added)
    deliveries = [
        deliver(branch, item, facts, oids, redeliver=wanted.redeliver) for item in wanted.generations
    ]
    files: dict[str, bytes | str] = dict(_release_files(branch, added))
    files |= _shared_files(series, facts, deliveries)
    files[layout.INDEX] = dumps(Index(_owned(series, files, branch)).as_json()).encode()
    _require_free(branch, files)
    changes = _changes(branch, files, writer)
    if changes:
        hydrator = dumps(hydrator_metadata(wanted.source, wanted.repository_url)).encode()
        changes |= _changed(branch, {layout.HYDRATOR: writer.add(hydrator)})
    return Composition(changes, added, tuple(delivery.note for delivery in deliveries if delivery.note))


def require_ours(branch: Branch) -> None:
    """Raises Refused where something else wrote the branch: it has files, and no index of ours."""
    if branch.is_foreign:
        message = "the branch has files that cluster-stacks did not write: name another with --branch, or empty it"
        raise Refused(Finding(FOREIGN_BRANCH.id, Severity.ERROR, message))


def _release_oids(branch: Branch, added: Iterable[StagedRelease]) -> dict[str, str]:
    oids = {
        stack.release_name(version): branch.release_entry(stack, version).oid for stack, version in branch.live()
    }
    return oids | {item.facts.name: item.files[layout.RELEASE_FILE] for item in added}


def _release_files(branch: Branch, added: Iterable[StagedRelease]) -> Iterator[tuple[str, str]]:
    """The files of new releases, and of units of node images that the branch does not have yet."""
    for item in added:
        folder = layout.release_folder(item.stack, item.version)
        yield from ((f"{folder}/{path}", oid) for path, oid in item.files.items())
        known = branch.series.get(item.stack)
        if item.unit and not (known and known.find_unit(item.unit.version)):
            folder = layout.unit_folder(item.stack, item.unit.version)
            yield from ((f"{folder}/{path}", oid) for path, oid in item.unit.files.items())


def _shared_files(
    series: Mapping[StackId, Series], facts: Sequence[ReleaseFacts], deliveries: Sequence[Delivery]
) -> dict[str, bytes | str]:
    files: dict[str, bytes | str] = {
        layout.README: shared.readme(series, facts, [delivery.state.generator for delivery in deliveries]),
        layout.CATALOGUE: shared.catalogue(series, facts),
        layout.ATTRIBUTES: shared.ATTRIBUTES.encode(),
    }
    files |= {layout.series_path(stack): dumps(item.as_json()).encode() for stack, item in series.items()}
    for delivery in deliveries:
        files |= delivery.files
        files[layout.delivery_state(delivery.state.generator)] = dumps(delivery.state.as_json()).encode()
    return files


def _owned(series: Mapping[StackId, Series], files: Iterable[str], branch: Branch) -> dict[str, str]:
    """All that is ours: folders that were published, and every other file that is written now."""
    owned = dict(branch.index.owned) if branch.index else {}
    owned = {path: commit for path, commit in owned.items() if path.endswith("/")}
    for stack, item in series.items():
        owned |= {f"{layout.release_folder(stack, v.version)}/": v.source_commit for v in item.versions}
        owned |= {f"{layout.unit_folder(stack, v.version)}/": v.source_commit for v in item.images}
    index = Index(owned)
    ours = {path: "" for path in (*files, layout.INDEX, layout.HYDRATOR) if not index.owns(path)}
    return owned | ours


def _require_free(branch: Branch, files: Mapping[str, bytes | str]) -> None:
    """Raises Refused where a path, or a folder on the way to it, holds a file that is not ours."""
    index = branch.index or Index()
    folders = {*branch.folders, *(folder for path in branch.entries for folder in _parents(path))}
    findings = [
        Finding(PATH_TAKEN.id, Severity.ERROR, f"{taken} on the branch is somebody else's, and {path} needs it", taken)
        for path in (*files, layout.HYDRATOR)
        for taken in _taken(path, branch, folders, index)
    ]
    if findings:
        raise Refused(*findings)


def _taken(path: str, branch: Branch, folders: set[str], index: Index) -> Iterator[str]:
    if path in folders or (path in branch.entries and not index.owns(path)):
        yield path
    for parent in _parents(path):
        if (parent in branch.entries and not index.owns(parent)) or (
            parent in branch.folders and not index.owns(f"{parent}/")
        ):
            yield parent


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _changes(branch: Branch, files: Mapping[str, bytes | str], writer: ObjectWriter) -> dict[str, str | None]:
    oids = {path: data if isinstance(data, str) else writer.add(data) for path, data in files.items()}
    changes = _changed(branch, oids)
    ours = branch.index.files if branch.index else frozenset()
    gone = ours - files.keys() - {layout.HYDRATOR, layout.INDEX}
    return changes | {path: None for path in sorted(gone) if path in branch.entries}


def _changed(branch: Branch, oids: Mapping[str, str]) -> dict[str, str | None]:
    """Those of `oids` that the tip does not have at that path, as a plain file."""
    def is_same(path: str, oid: str) -> bool:
        entry = branch.entries.get(path)
        return entry is not None and entry.oid == oid and entry.mode == "100644"

    return {path: oid for path, oid in oids.items() if not is_same(path, oid)}
