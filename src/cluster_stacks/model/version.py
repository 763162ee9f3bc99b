"""Versions of stacks and components, and versions of Kubernetes.

The forms are those of the cluster-stacks specification and of cluster-stack-operator: `v3`, `v1-alpha.0` (dot form, the
one that this project writes) and `v1-alpha-0` (dash form, in names of releases); see docs/versioning.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

_VERSION = re.compile(r"v(0|[1-9][0-9]{0,8})(?:-([A-Za-z0-9_]{1,63})[.-]([A-Za-z0-9_]{1,64}))?")
_KUBERNETES = re.compile(r"v(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")
STABLE = "stable"
_NUMBER = re.compile(r"0|[1-9][0-9]*")
_LAST = 999_999_999
_HASHES = frozenset({"sha", "git"})
"""Channels whose patch names a commit or a content: it is no number, even where its digits look like one."""


class VersionError(ValueError):
    """A text that is no version; the message says what one looks like."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """`v3`, or a pre-release of a channel: `v1-alpha.0`.

    Ordered by number, then pre-releases before the stable version of that number, then by channel and patch; a patch
    that is a number by its value (alpha.9 before alpha.10), and before one that is none.
    """

    major: int
    channel: str = STABLE
    patch: str = ""

    def __str__(self) -> str:
        return f"v{self.major}" if self.channel == STABLE else f"v{self.major}-{self.channel}.{self.patch}"

    def __lt__(self, other: object) -> bool:
        return self._key() < other._key() if isinstance(other, Version) else NotImplemented

    def _key(self) -> tuple[int, bool, str, bool, int, str]:
        number = self.is_numbered
        return (
            self.major, self.channel == STABLE, self.channel, not number, int(self.patch) if number else 0, self.patch
        )

    @property
    def is_numbered(self) -> bool:
        """Whether it is a pre-release that counts: alpha.0, alpha.1; not sha.abc, sha.123, alpha.007."""
        return self.channel not in _HASHES and bool(_NUMBER.fullmatch(self.patch))

    @property
    def begins_channel(self) -> bool:
        """Whether it is the first pre-release of its channel, as alpha.0 is; in sha and git any may be."""
        return self.patch == "0" or self.channel in _HASHES

    def next(self) -> Version:
        """The version that a bump makes: v3 to v4, v1-alpha.0 to v1-alpha.1.

        Raises VersionError where none follows: the patch is no number (`v0-sha.abc`), or there are no more numbers.
        """
        if self.channel == STABLE:
            if self.major >= _LAST:
                raise VersionError(f"{self} has no next version: it is the last number")
            return Version(self.major + 1)
        if not self.is_numbered:
            raise VersionError(f"{self} has no next version: {self.patch!r} does not count")
        return Version(self.major, self.channel, str(int(self.patch) + 1))

    @classmethod
    def parse(cls, text: str) -> Version:
        """Reads the whole of `text`. Raises VersionError."""
        match = _VERSION.fullmatch(text) if text.isascii() else None
        # `v1-stable.0` would name a stable version and a pre-release at once.
        if match is None or match[2] == STABLE:
            raise VersionError(f"{text!r} is not a version such as v3 or v1-alpha.0")
        major, channel, patch = match.groups()
        return cls(int(major)) if channel is None else cls(int(major), channel, patch)


FIRST = Version(1)


@dataclass(frozen=True, order=True, slots=True)
class KubernetesVersion:
    """`v1.36.2`, whole and with its patch."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}.{self.patch}"

    @property
    def directory(self) -> str:
        """`1-36`, the folder that a stack of this version stands in."""
        return f"{self.major}-{self.minor}"

    @classmethod
    def parse(cls, text: str) -> KubernetesVersion:
        """Reads the whole of `text`. Raises VersionError."""
        match = _KUBERNETES.fullmatch(text) if text.isascii() else None
        if match is None:
            raise VersionError(f"{text!r} is not a Kubernetes version such as v1.36.2")
        return cls(*(int(part) for part in match.groups()))
