"""Constraints on semantic versions, by the rules of Masterminds/semver."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cluster_stacks.gotemplate.errors import CallError, CostError
from cluster_stacks.gotemplate.versions import LONGEST, Version, compare, compare_pre, parse

_OPERATORS: Final = r"!=|>=|=>|<=|=<|~>|[=><~^]?"
_CONSTRAINED: Final = (
    r"v?([0-9|x|X|*]+)(\.[0-9|x|X|*]+)?(\.[0-9|x|X|*]+)?(-(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
_PLAIN: Final = re.sub(r"\((?!\?)", "(?:", _CONSTRAINED)
_ONE: Final = re.compile(rf"\s*({_OPERATORS})\s*{_CONSTRAINED}\s*\Z", re.ASCII)
_NEXT: Final = re.compile(rf"\s*((?:{_OPERATORS})\s*{_PLAIN})(\s*)", re.ASCII)
_RANGE: Final = re.compile(rf"\s*({_PLAIN})\s+-\s+({_PLAIN})\s*", re.ASCII)


@dataclass(frozen=True)
class _Constraint:
    operator: str
    version: Version
    any_minor: bool
    any_patch: bool
    dirty: bool

    def allows(self, version: Version, *, pre: bool) -> bool:
        if version.pre and not pre:
            return False
        order = compare(version, self.version)
        if self.operator in ("", "="):
            return self._tilde(version, order) if self.dirty else order == 0
        if self.operator in ("~", "~>"):
            return self._tilde(version, order)
        if self.operator == "^":
            return self._caret(version, order)
        if self.operator == "!=":
            return self._differs(version, order)
        if self.operator == "<":
            return order < 0
        if self.operator in (">=", "=>"):
            return order >= 0
        return self._greater(version, order) if self.operator == ">" else self._at_most(version, order)

    def _tilde(self, version: Version, order: int) -> bool:
        mine = self.version
        if order < 0:
            return False
        if not (mine.major or mine.minor or mine.patch or self.any_minor or self.any_patch):
            return True
        return version.major == mine.major and (self.any_minor or version.minor == mine.minor)

    def _caret(self, version: Version, order: int) -> bool:
        mine = self.version
        if order < 0 or version.major != mine.major:
            return False
        if mine.major > 0 or self.any_minor:
            return True
        if version.minor != mine.minor:
            return False
        return mine.minor > 0 or self.any_patch or version.patch == mine.patch

    def _differs(self, version: Version, order: int) -> bool:
        mine = self.version
        if self.dirty:
            if mine.major != version.major:
                return True
            if self.any_minor:
                return False
            if mine.minor != version.minor or (mine.patch != version.patch and not self.any_patch):
                return True
            if self.any_patch:
                return bool(version.pre or mine.pre) and compare_pre(version.pre, mine.pre) != 0
        return order != 0

    def _greater(self, version: Version, order: int) -> bool:
        mine = self.version
        if not self.dirty:
            return order > 0
        if version.major != mine.major:
            return version.major > mine.major
        if self.any_minor:
            return False
        return version.minor > mine.minor if self.any_patch else order > 0

    def _at_most(self, version: Version, order: int) -> bool:
        mine = self.version
        if not self.dirty:
            return order <= 0
        if version.major > mine.major:
            return False
        return not (version.major == mine.major and version.minor > mine.minor and not self.any_minor)


def _constraint(text: str) -> _Constraint:
    match = _ONE.match(text)
    if match is None:
        raise CallError(f"improper constraint: {text}")
    operator, major, minor, patch, pre = match.groups()
    minor, patch, pre = (minor or "").removeprefix("."), (patch or "").removeprefix("."), pre or ""
    wild = ("x", "X", "*", "")
    try:
        if major in wild:
            return _Constraint(operator, parse(f"0.0.0{pre}"), False, False, True)
        if minor in wild:
            return _Constraint(operator, parse(f"{major}.0.0{pre}"), True, False, True)
        if patch in wild:
            return _Constraint(operator, parse(f"{major}.{minor}.0{pre}"), False, True, True)
        number = text.strip().removeprefix(operator).strip()
        return _Constraint(operator, parse(number), False, False, False)
    except CallError:
        raise CallError("constraint parser error") from None


def _split(option: str) -> list[str]:
    """The constraints of which all must hold: between them spaces or a comma."""
    parts, at = [], 0
    while True:
        match = _NEXT.match(option, at)
        if match is None:
            raise CallError(f"improper constraint: {option}")
        parts.append(match[1])
        at = match.end()
        if at == len(option):
            return parts
        if option[at] == ",":
            at += 1
        elif not match[2]:
            raise CallError(f"improper constraint: {option}")


def satisfies(constraint: str, text: str) -> bool:
    """`semverCompare`."""
    if len(constraint) > LONGEST:
        raise CostError("a constraint that is too long")
    for match in list(_RANGE.finditer(constraint)):
        constraint = constraint.replace(match[0], f">= {match[1]}, <= {match[2]} ", 1)
    options = [[_constraint(part) for part in _split(option)] for option in constraint.split("||")]
    version = parse(text)
    return any(
        all(part.allows(version, pre=any(one.version.pre for one in option)) for part in option) for option in options
    )
