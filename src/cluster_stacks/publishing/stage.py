"""Puts rendered releases into the repository's objects, one at a time; what stays in memory are names and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cluster_stacks.model.release import ImageUnit, Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.paths import require_safe
from cluster_stacks.releases import layout
from cluster_stacks.releases.facts import ReleaseFacts


@dataclass(frozen=True, slots=True)
class StagedUnit:
    """A unit of node images; `files` are object ids by the path in the unit's folder."""

    version: Version
    digest: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StagedRelease:
    """A release whose contents the repository has; `files` are object ids by the path in the release's folder."""

    facts: ReleaseFacts
    files: Mapping[str, str]
    unit: StagedUnit | None = None
    source_commit: str = ""
    """The commit that it was first published from, where another branch has it; empty for one that is new."""
    source_key: str = ""

    @property
    def stack(self) -> StackId:
        return self.facts.stack

    @property
    def version(self) -> Version:
        return self.facts.version


def stage(release: Release, writer: ObjectWriter) -> StagedRelease:
    """Hands the files of a release to `writer`. Raises Refused for a path that cannot stand on a branch."""
    folder = layout.release_folder(release.stack, release.metadata.cluster_stack)
    facts = ReleaseFacts.from_json(release.facts, f"{folder}/{layout.RELEASE_FILE}")
    assert layout.RELEASE_FILE in release.files, f"{release.name} was rendered without its release.json"
    files = {path: writer.add(release.files[path]) for path in sorted(release.files) if _safe(path, folder)}
    return StagedRelease(facts, files, _unit(release.images, release, writer) if release.images else None)


def _safe(path: str, folder: str) -> bool:
    require_safe(path, folder)
    return True


def _unit(unit: ImageUnit, release: Release, writer: ObjectWriter) -> StagedUnit:
    folder = layout.unit_folder(release.stack, unit.version)
    files = {path: writer.add(unit.files[path]) for path in sorted(unit.files) if _safe(path, folder)}
    return StagedUnit(Version.parse(unit.version), unit.digest, files)
