"""series.json: every version of one stack that was ever published, and what became of it. Numbers are never freed."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version, VersionError
from cluster_stacks.releases.facts import read_stack
from cluster_stacks.releases.plain import Fields, read_fields


class State(StrEnum):
    """Live releases are delivered. Yanked and retired ones keep their bytes and their number."""

    LIVE = "live"
    YANKED = "yanked"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a version: since when (UTC, ISO 8601) and why; both empty where nothing did since its publication.

    The time stands here and is not looked up in the branch's history: a clone that has only the tip must know it too.
    """

    state: State = State.LIVE
    since: str = ""
    reason: str = ""

    def __str__(self) -> str:
        """`yanked (since 2026-01-02: it loses its network)`."""
        words = ": ".join(part for part in (f"since {self.since[:10]}" if self.since else "", self.reason) if part)
        return f"{self.state.value} ({words})" if words else self.state.value


@dataclass(frozen=True, slots=True)
class Published:
    """One version, with the digest of its source and the commit that it was published from.

    `source_key` tells the folders that the source stood in, where it is known: the same folders are the same source.
    `removed`: its folder is gone from the branch (`gc`). Its number is not.
    """

    version: Version
    source_digest: str
    source_commit: str
    status: Status = Status()
    removed: bool = False
    source_key: str = ""

    @property
    def state(self) -> State:
        return self.status.state


@dataclass(frozen=True, slots=True)
class PublishedUnit:
    """One unit of node images; `removed` as for a version."""

    version: Version
    digest: str
    source_commit: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """All versions of one stack, from old to new."""

    stack: StackId
    versions: tuple[Published, ...] = ()
    images: tuple[PublishedUnit, ...] = ()

    def find(self, version: Version) -> Published | None:
        return next((item for item in self.versions if item.version == version), None)

    def find_unit(self, version: Version) -> PublishedUnit | None:
        return next((item for item in self.images if item.version == version), None)

    @property
    def latest(self) -> Published | None:
        """The highest live version."""
        return next(reversed(self.live), None)

    @property
    def live(self) -> tuple[Published, ...]:
        """The live versions, from old to new."""
        return tuple(item for item in self.versions if item.state is State.LIVE)

    def predecessor(self, version: Version) -> Published | None:
        """The highest live version below `version`: what a Cluster moves from. None for the first."""
        return next((item for item in reversed(self.live) if item.version < version), None)

    def with_version(self, item: Published) -> Self:
        """The series with one more version. It must not have it yet."""
        assert self.find(item.version) is None, f"{self.stack} {item.version} is published"
        return replace(self, versions=tuple(sorted((*self.versions, item), key=lambda v: v.version)))

    def with_unit(self, item: PublishedUnit) -> Self:
        """The series with one more unit of node images, or one whose folder was removed and is there again."""
        known = self.find_unit(item.version)
        assert known is None or known.removed, f"{self.stack} node-images {item.version} is published"
        others = (unit for unit in self.images if unit.version != item.version)
        return replace(self, images=tuple(sorted((*others, item), key=lambda v: v.version)))

    def with_status(self, version: Version, status: Status) -> Self:
        """The series after something became of a version."""
        changed = tuple(replace(v, status=status) if v.version == version else v for v in self.versions)
        return replace(self, versions=changed)

    def without_folders(self, versions: Container[Version], units: Container[Version]) -> Self:
        """The series after the folders of these went. Their numbers stay."""
        return replace(
            self,
            versions=tuple(replace(v, removed=True) if v.version in versions else v for v in self.versions),
            images=tuple(replace(v, removed=True) if v.version in units else v for v in self.images),
        )

    def forgetting(self, versions: Container[Version], units: Container[Version]) -> Self:
        """The series as if these had never been in it."""
        return replace(
            self,
            versions=tuple(v for v in self.versions if v.version not in versions),
            images=tuple(v for v in self.images if v.version not in units),
        )

    def as_json(self) -> dict[str, object]:
        """The content of series.json (schemas/series.schema.json)."""
        return {
            "schemaVersion": 1,
            "stack": stack_json(self.stack),
            "versions": [
                {"version": str(v.version), "state": v.state.value, "sourceDigest": v.source_digest,
                 "sourceCommit": v.source_commit}
                | ({"sourceKey": v.source_key} if v.source_key else {}) | status_json(v)
                for v in self.versions
            ],
            "images": [
                {"unit": str(v.version), "digest": v.digest, "sourceCommit": v.source_commit}
                | ({"removed": True} if v.removed else {})
                for v in self.images
            ],
        }

    @classmethod
    def from_json(cls, data: bytes | Mapping[str, object], path: str) -> Self:
        """Reads series.json, or its data. Raises Refused for anything that is not one."""
        fields = read_fields(data, path)
        versions = tuple(sorted((_published(item) for item in fields.items("versions")), key=lambda v: v.version))
        images = tuple(sorted((_unit(item) for item in fields.items("images")), key=lambda v: v.version))
        for items in (versions, images):
            if len({item.version for item in items}) != len(items):
                raise fields.fail("a version stands twice")
        return cls(read_stack(fields.mapping("stack")), versions, images)


def stack_json(stack: StackId) -> dict[str, str]:
    """A stack as the files of the branch name it."""
    return {"id": str(stack), "provider": stack.provider, "name": stack.name, "minor": stack.minor}


def status_json(item: Published) -> dict[str, object]:
    """What a file of the branch says of a version beside its state; empty for one that nothing became of."""
    told = {"since": item.status.since, "reason": item.status.reason, "removed": item.removed}
    return {key: value for key, value in told.items() if value}


def _published(fields: Fields) -> Published:
    try:
        state = State(fields.text("state"))
    except ValueError as error:
        raise fields.fail(f"state must be one of {', '.join(State)}") from error
    status = Status(state, fields.text("since", ""), fields.text("reason", ""))
    known = _version(fields, "version"), fields.text("sourceDigest"), fields.text("sourceCommit")
    return Published(*known, status, fields.flag("removed"), fields.text("sourceKey", ""))


def _unit(fields: Fields) -> PublishedUnit:
    known = _version(fields, "unit"), fields.text("digest"), fields.text("sourceCommit")
    return PublishedUnit(*known, fields.flag("removed"))


def _version(fields: Fields, key: str) -> Version:
    try:
        return Version.parse(fields.text(key))
    except VersionError as error:
        raise fields.fail(str(error)) from error
