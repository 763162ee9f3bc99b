"""sprig's semantic versions, by the rules of Masterminds/semver."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from cluster_stacks.gotemplate.errors import CallError, CostError
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.values import Opaque, Uint64

LONGEST: Final = 200
_VERSION: Final = re.compile(
    r"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?\Z",
    re.ASCII,
)
_GETTERS: Final = {"Major": "major", "Minor": "minor", "Patch": "patch", "Prerelease": "pre", "Metadata": "metadata"}
_COMPARISONS: Final = ("Compare", "Equal", "LessThan", "LessThanEqual", "GreaterThan", "GreaterThanEqual")


@dataclass(frozen=True)
class Version(Opaque):
    """What `semver` gives."""

    major: int
    minor: int
    patch: int
    pre: str
    metadata: str
    original: str

    TYPE: ClassVar[str] = "*semver.Version"
    KIND: ClassVar[str] = "ptr"
    METHODS: ClassVar[Mapping[str, tuple[tuple[str, ...], str]]] = {
        **dict.fromkeys((*_GETTERS, "IncPatch", "IncMinor", "IncMajor"), ((), "any")),
        **dict.fromkeys(_COMPARISONS, (("*semver.Version",), "any")),
        "String": ((), "string"), "Original": ((), "string"),
        "SetPrerelease": (("string",), "any"), "SetMetadata": (("string",), "any"),
    }

    def text(self) -> str:
        pre = f"-{self.pre}" if self.pre else ""
        return f"{self.major}.{self.minor}.{self.patch}{pre}" + (f"+{self.metadata}" if self.metadata else "")

    def call(self, name: str, arguments: list[Any]) -> Any:
        if name in _GETTERS:
            value = getattr(self, _GETTERS[name])
            return Uint64(value) if isinstance(value, int) else value
        if name in _COMPARISONS:
            return _answer(name, compare(self, arguments[0]))
        if name.startswith("Set"):
            field, check = ("pre", _check_pre) if name == "SetPrerelease" else ("metadata", _check_metadata)
            if arguments[0]:
                check(arguments[0])
            return _renamed(replace(self, **{field: arguments[0]}), self)
        if name.startswith("Inc"):
            return self._next(name)
        return self.original if name == "Original" else self.text()

    def _next(self, name: str) -> Version:
        numbers = {
            "IncMajor": (self.major + 1, 0, 0),
            "IncMinor": (self.major, self.minor + 1, 0),
            "IncPatch": (self.major, self.minor, self.patch + (not self.pre)),
        }[name]
        return _renamed(Value(*numbers, "", "", ""), self)


@dataclass(frozen=True)
class Value(Version):
    """A version that is no pointer: what its methods give."""

    TYPE: ClassVar[str] = "semver.Version"
    KIND: ClassVar[str] = "struct"


def _renamed(version: Version, before: Version) -> Version:
    prefix = "v" if before.original.startswith("v") else ""
    return Value(
        version.major, version.minor, version.patch, version.pre, version.metadata, prefix + version.text()
    )


def _answer(name: str, order: int) -> Any:
    return {
        "Compare": order, "Equal": order == 0, "LessThan": order < 0, "LessThanEqual": order <= 0,
        "GreaterThan": order > 0, "GreaterThanEqual": order >= 0,
    }[name]


def parse(text: str) -> Version:
    """A version, `v` before it and missing parts allowed. Raises CallError."""
    if len(text) > LONGEST:
        raise CostError("a version that is too long")
    match = _VERSION.match(text)
    if match is None:
        raise CallError("invalid semantic version")
    numbers = [int(part or 0) for part in match.group(1, 2, 3)]
    if any(number >= 2**64 for number in numbers):
        raise CallError("error parsing version segment: value out of range")
    pre, metadata = match[4] or "", match[5] or ""
    if pre:
        _check_pre(pre)
    return Version(numbers[0], numbers[1], numbers[2], pre, metadata, text)


def _check_pre(text: str) -> None:
    for part in text.split("."):
        if part.isascii() and part.isdigit() and len(part) > 1 and part.startswith("0"):
            raise CallError("version segment starts with 0")
        if not re.fullmatch(r"[0-9A-Za-z-]+", part):
            raise CallError("invalid prerelease string")


def _check_metadata(text: str) -> None:
    if not all(re.fullmatch(r"[0-9A-Za-z-]+", part) for part in text.split(".")):
        raise CallError("invalid metadata string")


def compare(one: Version, two: Version) -> int:
    """-1, 0 or 1, by the precedence of semantic versions."""
    first, second = (one.major, one.minor, one.patch), (two.major, two.minor, two.patch)
    if first != second:
        return -1 if first < second else 1
    if not one.pre or not two.pre:
        return (not one.pre) - (not two.pre)
    return compare_pre(one.pre, two.pre)


def compare_pre(one: str, two: str) -> int:
    parts, others = one.split("."), two.split(".")
    for index in range(max(len(parts), len(others))):
        part = parts[index] if index < len(parts) else ""
        other = others[index] if index < len(others) else ""
        if part != other:
            return 1 if _part_key(part) > _part_key(other) else -1
    return 0


def _part_key(part: str) -> tuple[int, int, str]:
    if not part:
        return (0, 0, "")
    return (1, int(part), "") if part.isdigit() and int(part) < 2**64 else (2, 0, part)


def _satisfies(constraint: str, text: str) -> bool:
    """`semverCompare`."""
    from cluster_stacks.gotemplate.constraints import satisfies

    return satisfies(constraint, text)


FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "semver": ("string -> any", parse),
    "semverCompare": ("string string -> bool", _satisfies),
}
