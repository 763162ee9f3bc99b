"""series.json: every version of one stack that was ever published, and what became of it. Numbers are never freed."""

from __future__ import annotations

from collections.abc import Mapping
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
class Published:
    """One version, with the digest of its source and the commit that it was published from."""

    version: Version
    source_digest: str
    source_commit: str
    state: State = State.LIVE


@dataclass(frozen=True, slots=True)
class PublishedUnit:
    """One unit of node images."""

    version: Version
    digest: str
    source_commit: str


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
        return max((item for item in self.versions if item.state is State.LIVE), key=lambda v: v.version, default=None)

    def predecessor(self, version: Version) -> Published | None:
        """The highest live version below `version`: what a Cluster moves from. None for the first."""
        below = (item for item in self.versions if item.version < version and item.state is State.LIVE)
        return max(below, key=lambda v: v.version, default=None)

    def with_version(self, item: Published) -> Self:
        """The series with one more version. It must not have it yet."""
        assert self.find(item.version) is None, f"{self.stack} {item.version} is published"
        return replace(self, versions=tuple(sorted((*self.versions, item), key=lambda v: v.version)))

    def with_unit(self, item: PublishedUnit) -> Self:
        """The series with one more unit of node images. It must not have it yet."""
        assert self.find_unit(item.version) is None, f"{self.stack} node-images {item.version} is published"
        return replace(self, images=tuple(sorted((*self.images, item), key=lambda v: v.version)))

    def as_json(self) -> dict[str, object]:
        """The content of series.json (schemas/series.schema.json)."""
        return {
            "schemaVersion": 1,
            "stack": stack_json(self.stack),
            "versions": [
                {"version": str(v.version), "state": v.state.value, "sourceDigest": v.source_digest,
                 "sourceCommit": v.source_commit}
                for v in self.versions
            ],
            "images": [
                {"unit": str(v.version), "digest": v.digest, "sourceCommit": v.source_commit} for v in self.images
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


def _published(fields: Fields) -> Published:
    try:
        state = State(fields.text("state"))
    except ValueError as error:
        raise fields.fail(f"state must be one of {', '.join(State)}") from error
    return Published(_version(fields, "version"), fields.text("sourceDigest"), fields.text("sourceCommit"), state)


def _unit(fields: Fields) -> PublishedUnit:
    return PublishedUnit(_version(fields, "unit"), fields.text("digest"), fields.text("sourceCommit"))


def _version(fields: Fields, key: str) -> Version:
    try:
        return Version.parse(fields.text(key))
    except VersionError as error:
        raise fields.fail(str(error)) from error
