"""What `doctor` says: one line for each thing that it looked at."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding


class State(StrEnum):
    """`missing` is what one may do without; `wrong` is what will stop a command."""

    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"


class Line(NamedTuple):
    """One thing: which, how it is, in words, and the command or the edit that mends it (empty: nothing to mend)."""

    topic: str
    state: State
    text: str
    fix: str = ""


def wrong(topic: str, error: CannotTell | Refused, fix: str = "") -> list[Line]:
    """The lines for what was raised, each with its place where it has one."""
    if isinstance(error, CannotTell):
        return [Line(topic, State.WRONG, str(error), fix)]
    return [
        Line(topic, State.WRONG, f"{_place(found)}{found.message}", (found.fix.command if found.fix else "") or fix)
        for found in error.findings
    ]


def _place(found: Finding) -> str:
    return "".join(f"{part}:" for part in (found.path, found.line) if part) + (" " if found.path else "")
