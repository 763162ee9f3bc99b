"""Moves the manifest of a Cluster to another release: its class, its version, and what brings its addons, together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.documents.splice import set_scalars_in
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.version import VersionError
from cluster_stacks.operations.cluster_files import ClusterFiles, read_files
from cluster_stacks.operations.edits import replace
from cluster_stacks.operations.finding_releases import Found, Offer, read_offer
from cluster_stacks.releases.compare import compare_releases
from cluster_stacks.releases.contents import Contents
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.manifests import ClusterManifest, Manifest
from cluster_stacks.releases.move import Move
from cluster_stacks.releases.published import read_published
from cluster_stacks.releases.upgrade import NO_MOVE, Judgement, judge_cluster


@dataclass(frozen=True, slots=True)
class ManifestEdit:
    """One text that becomes another: `at` is where it stands."""

    at: Manifest
    new: str


@dataclass(frozen=True, slots=True)
class ClusterUpgrade:
    """One Cluster: the releases by name, what Cluster API says to the move, and the edits; none where it is refused."""

    cluster: Manifest
    before: str
    after: str
    judgement: Judgement = NO_MOVE
    edits: tuple[ManifestEdit, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpgradeResult:
    """The Clusters in order of the files, and whether the edits were written; one that is refused holds all back."""

    branch: str
    clusters: tuple[ClusterUpgrade, ...]
    written: bool

    @property
    def refused(self) -> bool:
        return any(item.judgement.refused for item in self.clusters)


def upgrade(
    repo: Path, files: Sequence[Path], to: str, *, cluster: str | None = None, branch: str | None = None,
    environment: str | None = None, dry_run: bool = False,
) -> UpgradeResult:
    """Moves the Clusters in `files` (`cluster`: only the one of that name) to the release `to`.

    `to` is a version of the Cluster's own stack (`v4`), or `STACK/VERSION`. The release is looked up on the rendered
    branch as the clone at `repo` knows it. Raises CannotTell where there is no such Cluster or release, Refused for a
    file that is wrong. Nothing is written unless all can be.
    """
    known = read_files(files)
    chosen = [each for each in known.clusters if cluster in (None, each.at.name)]
    if not chosen:
        raise CannotTell(_no_cluster(known, files, cluster))
    with read_offer(repo, branch, environment) as offer:
        moves = tuple(_Mover(offer, known).move(each, to) for each in chosen)
        result = UpgradeResult(offer.name, moves, written=False)
    contents = _edited(known, moves)
    if result.refused or dry_run:
        return result
    _write(known, contents)
    return dataclasses.replace(result, written=bool(contents))


def _no_cluster(known: ClusterFiles, files: Sequence[Path], name: str | None) -> str:
    if known.clusters:
        there = ", ".join(each.at.name for each in known.clusters)
        return f"there is no Cluster {name} in these files: there is {there}"
    return f"{files[0]} holds no Cluster with spec.topology: name the file of one"


class _Mover:
    """Moves Clusters to what one rendered branch offers."""

    def __init__(self, offer: Offer, files: ClusterFiles) -> None:
        self._offer, self._files = offer, files

    def move(self, cluster: ClusterManifest, to: str) -> ClusterUpgrade:
        """Raises CannotTell where one of the two releases is not known."""
        before = self._offer.by_class(cluster.at.value, f"{cluster.at.path}:{cluster.at.line}")
        after = self._offer.wanted(to, before.stack)
        names = before.name, after.name
        if after.problem:
            return ClusterUpgrade(cluster.at, *names, Judgement(refused=(after.problem,)))
        new = self._contents(after)
        old, move = new, Move()
        if before.version_key != after.version_key:
            old = self._contents(before)
            _require_class(cluster, old.facts)
            move = compare_releases(old, new).move
        try:
            versions = (each.facts.metadata.kubernetes for each in (old, new))
            judgement = judge_cluster(move, cluster.topology, *versions)
        except VersionError as error:
            where = f"{cluster.at.path}:{cluster.at.line}"
            raise CannotTell(f"{where}: spec.topology.version: {error}: write what the Cluster has now") from error
        class_name = new.facts.name + cluster.at.value.removeprefix(before.name)
        refused = [*judgement.refused, *_class_refusals(class_name, new.facts)]
        edits = list(_class_edits(cluster, class_name, str(new.facts.metadata.kubernetes)))
        notes = [*self._files.notes, *(f"{after.name} breaks {each}" for each in move.announced)]
        for edit, problem in self._deliveries(cluster, before, after, new.facts, notes):
            edits += [edit] if edit.new != edit.at.value else []
            refused += [problem] if problem else []
        judgement = judgement._replace(refused=tuple(refused))
        return ClusterUpgrade(
            cluster.at, *names, judgement, () if refused else tuple(edits), (*notes, *_order_notes(edits))
        )

    def _contents(self, found: Found) -> Contents:
        return read_published(self._offer.branch, found.stack, found.version)

    def _deliveries(
        self, cluster: ClusterManifest, before: Found, after: Found, new: ReleaseFacts, notes: list[str]
    ) -> Iterator[tuple[ManifestEdit, str]]:
        """What brings the addons of the Cluster: each with its edit, and why that is impossible."""
        found = False
        for path in self._files.paths:
            if self._files.is_of(cluster, path, before.stack, before.name):
                found = True
                folder = f"{path.folder}/{after.stack}/{after.version}"
                there = any(name.startswith(f"{folder}/") for name in self._offer.branch.entries)
                problem = "" if there else f"{path.at.path}:{path.at.line}: {self._offer.name} has no {folder}"
                yield ManifestEdit(path.at, path.pointed(after.stack, after.version)), problem
        for label in self._files.labels:
            if self._files.is_of(cluster, label, before.stack, before.name):
                found = True
                yield ManifestEdit(label.at, after.name), ""
        if new.addons and not found:
            notes.append(f"nothing that brings the addons of {cluster.at.name} is in these files or beside them: move "
                         f"it to {after.name} too")


def _require_class(cluster: ClusterManifest, facts: ReleaseFacts) -> None:
    known = [each.name for each in facts.classes]
    if cluster.at.value not in known:
        where = f"{cluster.at.path}:{cluster.at.line}"
        raise CannotTell(f"{where}: {facts.name} has no class {cluster.at.value}: there is {', '.join(known)}")


def _class_refusals(name: str, facts: ReleaseFacts) -> Iterator[str]:
    known = [each.name for each in facts.classes]
    if name not in known:
        yield f"{facts.name} has no class {name}: there is {', '.join(known)}"


def _class_edits(cluster: ClusterManifest, class_name: str, kubernetes: str) -> Iterator[ManifestEdit]:
    version = cluster.at._replace(place=("spec", "topology", "version"), value=cluster.version)
    for edit in (ManifestEdit(cluster.at, class_name), ManifestEdit(version, kubernetes)):
        if edit.new != edit.at.value:
            yield edit


def _order_notes(edits: Sequence[ManifestEdit]) -> Iterator[str]:
    kinds = {edit.at.place[:2] == ("spec", "topology") for edit in edits}
    if len(kinds) == 2:
        yield "addons first: where they must be ready before machines roll, commit their edit alone, then the class"


def _edited(known: ClusterFiles, moves: Sequence[ClusterUpgrade]) -> dict[Path, bytes]:
    """The new bytes of each file that changes. Raises Refused where an edit would change anything else."""
    by_file: dict[str, dict[int, dict[tuple[str, ...], str]]] = {}
    for move in moves:
        for edit in move.edits:
            by_file.setdefault(edit.at.path, {}).setdefault(edit.at.document, {})[edit.at.place] = edit.new
    return {
        Path(path).resolve(): set_scalars_in(known.data[Path(path).resolve()], changes, path)
        for path, changes in by_file.items()
    }


def _write(known: ClusterFiles, contents: Mapping[Path, bytes]) -> None:
    """All files or none."""
    done: list[Path] = []
    try:
        for path, data in contents.items():
            replace(path, data)
            done.append(path)
    except BaseException:
        for path in done:
            replace(path, known.data[path])
        raise

