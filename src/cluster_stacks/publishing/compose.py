"""compose(tip): what the branch must become. Published releases stay as they are, all else is made anew from them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cluster_stacks.documents.json import dumps
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing import life, shared
from cluster_stacks.publishing.deliver import Delivery, Generation, deliver, keep
from cluster_stacks.publishing.leaks import require_no_secrets
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.ownership import require_free, still_there
from cluster_stacks.publishing.source import SourceCommit, hydrator_metadata
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.publishing.verify import add_to_series
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch, Release, live_releases
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.offered import Place, offered
from cluster_stacks.releases.series import Series, Status
from cluster_stacks.releases.state import Index
from cluster_stacks.reporting.catalogue import page


class Made(NamedTuple):
    """What a source commit says of delivery."""

    generations: Sequence[Generation]
    repository_url: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a publish wants on the branch, apart from the tip that it starts at.

    `made_at` gives what another source commit says of delivery: an older source that comes late adds its releases to a
    branch that a newer one delivers. `adopt`: the branch may be somebody else's, whose files stay. `allow_secrets` are
    the settings' names of what is no secret.
    `repository_url` and the branch `read_from` are where Flux and Argo CD look. `redeliver` names the releases whose
    delivery is made anew (True: all of it). `states` are what becomes of published versions, `dropped` the folders that
    go. `title` and `trailers` tell of it in the commit's message.
    """

    source: SourceCommit
    releases: Sequence[StagedRelease] = ()
    generations: Sequence[Generation] = ()
    repository_url: str = ""
    redeliver: bool | Container[str] = False
    states: Mapping[Release, Status] = field(default_factory=dict)
    dropped: life.Dropped = life.NOTHING
    title: str = ""
    trailers: Mapping[str, str] = field(default_factory=dict)
    made_at: Callable[[str], Made] | None = None
    adopt: bool = False
    read_from: str = ""
    allow_secrets: Sequence[str] = ()
    newer: SourceCommit | None = None
    """The commit that the branch was made from already, where it is a descendant of `source`: drySha stays there."""


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
    added = tuple(item for item in wanted.releases if branch.find(item.stack, item.version) is None)
    series = life.without_dropped(branch.series, wanted.dropped)
    series = life.with_states(add_to_series(series, wanted.releases, wanted.source.oid), wanted.states)
    stays = [release for release in live_releases(series) if branch.find(*release) is not None]
    facts = sorted([*branch.facts(stays), *(item.facts for item in added)], key=lambda item: item.sort_key)
    oids = _release_oids(branch, stays, added)
    deliveries = [deliver(branch, item, facts, oids, redeliver=wanted.redeliver) for item in wanted.generations]
    for delivery in deliveries:
        require_no_secrets(delivery.files, wanted.allow_secrets)
    deliveries += [keep(branch, name, facts) for name in _disabled(branch, wanted)]
    files: dict[str, bytes | str] = dict(_release_files(branch, added))
    files |= _series_files(branch, series)
    files |= _shared_files(series, facts, deliveries)
    catalogue = offered(series, facts, Place(wanted.repository_url, wanted.read_from))
    files[layout.CATALOGUE_PAGE] = page(catalogue).encode()
    files[layout.INDEX] = dumps(Index(_owned(series, files, branch, wanted.dropped)).as_json()).encode()
    require_free(branch, files)
    changes = _changes(branch, files, writer)
    changes |= life.dropped_files(branch, wanted.dropped)
    if changes:
        hydrator = dumps(hydrator_metadata(wanted.newer or wanted.source, wanted.repository_url)).encode()
        changes |= _changed(branch, {layout.HYDRATOR: writer.add(hydrator)})
    return Composition(changes, added, tuple(delivery.note for delivery in deliveries if delivery.note))


def _disabled(branch: Branch, wanted: Wanted) -> list[str]:
    """The generators that delivered and are enabled no longer. Only a redelivery of everything removes them."""
    enabled = {item.name for item in wanted.generations}
    return [] if wanted.redeliver is True else sorted(branch.delivered.keys() - enabled)


def _release_oids(branch: Branch, stays: Iterable[Release], added: Iterable[StagedRelease]) -> dict[str, str]:
    oids = {stack.release_name(version): branch.release_entry(stack, version).oid for stack, version in stays}
    return oids | {item.facts.name: item.files[layout.RELEASE_FILE] for item in added}


def _release_files(branch: Branch, added: Iterable[StagedRelease]) -> Iterator[tuple[str, str]]:
    """The files of new releases, and of units of node images that the branch does not have yet."""
    for item in added:
        folder = layout.release_folder(item.stack, item.version)
        yield from ((f"{folder}/{path}", oid) for path, oid in item.files.items())
        known = branch.series.get(item.stack)
        unit = known.find_unit(item.unit.version) if known and item.unit else None
        if item.unit and (unit is None or unit.removed):
            folder = layout.unit_folder(item.stack, item.unit.version)
            yield from ((f"{folder}/{path}", oid) for path, oid in item.unit.files.items())


def _series_files(branch: Branch, series: Mapping[StackId, Series]) -> Iterator[tuple[str, bytes | str]]:
    """The series of each stack: as it is on the branch where nothing became of it, which is nearly all of them."""
    for stack, item in series.items():
        path = layout.series_path(stack)
        is_same = item == branch.series.get(stack)
        yield path, branch.entries[path].oid if is_same else dumps(item.as_json()).encode()


def _shared_files(
    series: Mapping[StackId, Series], facts: Sequence[ReleaseFacts], deliveries: Sequence[Delivery]
) -> dict[str, bytes | str]:
    files: dict[str, bytes | str] = {
        layout.README: shared.readme(series, facts, [delivery.state.generator for delivery in deliveries]),
        layout.CATALOGUE: shared.catalogue(series, facts),
        layout.ATTRIBUTES: shared.ATTRIBUTES.encode(),
    }
    for delivery in deliveries:
        files |= delivery.files
        files[layout.delivery_state(delivery.state.generator)] = dumps(delivery.state.as_json()).encode()
    return files


def _owned(
    series: Mapping[StackId, Series], files: Iterable[str], branch: Branch, dropped: life.Dropped
) -> dict[str, str]:
    """All that is ours: folders that were published, and every other file that is written now."""
    owned = dict(branch.index.owned) if branch.index else {}
    gone = {f"{folder}/" for folder in dropped.folders}
    owned = {path: commit for path, commit in owned.items() if path.endswith("/") and path not in gone}
    owned |= life.owned_folders(series)
    index = Index(owned)
    ours = {path: "" for path in (*files, layout.INDEX, layout.HYDRATOR) if not index.owns(path)}
    return owned | ours


def _changes(branch: Branch, files: Mapping[str, bytes | str], writer: ObjectWriter) -> dict[str, str | None]:
    oids = {path: data if isinstance(data, str) else writer.oid(data) for path, data in files.items()}
    changes = _changed(branch, oids)
    for path in changes:
        data = files[path]
        if isinstance(data, bytes):
            writer.add(data)
    return changes | dict.fromkeys(still_there(branch, files))


def _changed(branch: Branch, oids: Mapping[str, str]) -> dict[str, str | None]:
    """Those of `oids` that the tip does not have at that path, as a plain file."""
    def is_same(path: str, oid: str) -> bool:
        entry = branch.entries.get(path)
        return entry is not None and entry.oid == oid and entry.mode == "100644"

    return {path: oid for path, oid in oids.items() if not is_same(path, oid)}
