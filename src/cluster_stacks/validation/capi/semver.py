"""Versions as Cluster API reads them: strictly in a Cluster, tolerantly in tags of images."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = r"(0|[1-9][0-9]*)"
_IDENTIFIER = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
MOST = 256
"""Characters of a version; numbers of any length would be slow to read."""


class Semver(NamedTuple):
    """A semantic version. `rest` is what follows the patch, which no rule here compares."""

    major: int
    minor: int
    patch: int
    rest: str = ""

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}.{self.patch}{self.rest}"

    @property
    def release(self) -> tuple[int, int, int]:
        """Major, minor and patch."""
        return self.major, self.minor, self.patch


def parse_semver(text: str) -> Semver | None:
    """A version of exactly three numbers, without a `v`; None where it is none."""
    found = _SEMVER.fullmatch(text) if len(text) <= MOST else None
    if found is None:
        return None
    major, minor, patch = (int(found[number]) for number in (1, 2, 3))
    return Semver(major, minor, patch, text[found.end(3):])


def parse_version(text: str) -> Semver | None:
    """A Kubernetes version as a Cluster must write it: `v1.36.1`."""
    return parse_semver(text[1:]) if text.startswith("v") else None


def parse_tolerant(text: str) -> Semver | None:
    """A version that may lack its patch or its minor, and may begin with `v` or have zeros in front."""
    if len(text) > MOST:
        return None
    parts = text.strip().removeprefix("v").split(".", 2)
    parts = [_without_zeros(part) for part in parts]
    if len(parts) < 3:
        if "+" in parts[-1] or "-" in parts[-1]:
            return None
        parts += ["0"] * (3 - len(parts))
    return parse_semver(".".join(parts))


def _without_zeros(part: str) -> str:
    if len(part) < 2:
        return part
    stripped = part.lstrip("0")
    return stripped if stripped[:1].isdigit() else f"0{stripped}"
