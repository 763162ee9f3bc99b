"""A finding: the one currency of every check.

Its parts are named tuples, which cost every start-up less than dataclasses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from cluster_stacks.model.source import Position

_NOWHERE = Position(0, 0)


class Severity(StrEnum):
    """Errors make a command exit 1; warnings and notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class ObjectRef(NamedTuple):
    """The Kubernetes object a finding is about; `pointer` is a JSON pointer into it (RFC 6901)."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    pointer: str = ""


class Related(NamedTuple):
    """Another place that explains a finding."""

    path: str
    line: int = 0
    column: int = 0
    message: str = ""


class Fix(NamedTuple):
    """What mends it: a command, an edit in words, or both."""

    description: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, and what to do about it.

    `path` is relative to the repository's root; `line` and `column` count from 1,
    and are 0 where only the file is known.
    """

    rule: str
    severity: Severity
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    object: ObjectRef | None = None
    related: tuple[Related, ...] = ()
    stack: str = ""
    fix: Fix | None = None
    key: str = ""
    """What tells this finding from others of its rule in the same file, where the object does not; no positions."""

    @classmethod
    def at(
        cls, rule: str, severity: Severity, message: str, path: str, position: Position | None = None, *,
        object_: ObjectRef | None = None, related: tuple[Related, ...] = (), stack: str = "", key: str = "",
        fix: Fix | None = None,
    ) -> Finding:
        """A finding at a position; without one it is about the file as a whole."""
        where = position or _NOWHERE
        return cls(
            rule, severity, message, path, where.line, where.column, where.end_line, where.end_column, object_, related,
            stack, fix, key,
        )

    @property
    def fingerprint(self) -> str:
        """32 hex digits that survive edits elsewhere in the file: rule, stack, path, object and key, not the line."""
        import hashlib  # 8 ms, and most commands find nothing

        parts = [self.rule, self.stack, self.path, self.key or self.message]
        if self.object:
            parts += [self.object.api_version, self.object.kind, self.object.name, self.object.pointer]
        text = "\0".join(parts)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        return (self.path, self.line, self.column, self.rule, self.message)


class Waived(NamedTuple):
    """A finding that the settings let pass: why, and until the end of which day (`2027-03-31`)."""

    finding: Finding
    reason: str
    expires: str


class RuleInfo(NamedTuple):
    """What the reference says of a rule. Ids are API: never reused, never renamed."""

    id: str
    name: str
    summary: str
    explanation: str
    severity: Severity = Severity.ERROR
    source: str = ""
    """The specification or the tool whose rule this is, in our words."""
