"""What differs, line by line for people: the places of objects, with their old and new values."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cluster_stacks.reporting.escape import line as alone
from cluster_stacks.reporting.escape import printable

_TICKS = re.compile("`+")
Sign = Literal["+", "-", "~", " ", "!"]
"""Added, removed, changed, told, and what a reader must not miss."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line: its text is printable, and never longer than the width it was made for."""

    sign: Sign
    text: str
    depth: int = 0


_COLORS: dict[Sign, str] = {"+": "32", "-": "31", "~": "33", "!": "1;31", " ": ""}


def colored(line: DiffLine, *, color: bool) -> str:
    """The line for a terminal."""
    text = alone(f"{'  ' * line.depth}{line.sign} {line.text}".rstrip())
    code = _COLORS[line.sign]
    return f"\x1b[{code}m{text}\x1b[0m" if color and code else text


def fenced(lines: list[DiffLine], budget: int) -> tuple[str, int]:
    """A block of Markdown in the colours of a diff, of at most `budget` bytes, and how many lines found no room.

    The fence is longer than any run of backticks in the lines, so that nothing in them ends it.
    """
    rows = [
        alone(f"{'!' if line.sign == '~' else line.sign} {'  ' * line.depth}{line.text}".rstrip()) for line in lines
    ]
    fence = "`" * max(3, 1 + max((len(run) for row in rows for run in _TICKS.findall(row)), default=0))
    size, kept = 2 * len(fence) + 8, 0
    for row in rows:
        size += len(row.encode("utf-8", "backslashreplace")) + 1
        if size > budget:
            break
        kept += 1
    if not kept:
        return "", len(rows)
    return "\n".join([f"{fence}diff", *rows[:kept], fence, ""]), len(rows) - kept


def value_lines(path: str, old: object, new: object, absent: object, width: int, depth: int) -> Iterator[DiffLine]:
    """One place that differs, in one line where that says it all; texts of several lines are told by their lines."""
    name = printable(path)
    if isinstance(old, str) and isinstance(new, str) and ("\n" in old or "\n" in new):
        yield DiffLine("~", f"{name}:", depth)
        yield from _text_lines(old, new, width, depth + 1)
    elif old is absent:
        yield from _whole("+", name, new, width, depth)
    elif new is absent:
        yield from _whole("-", name, old, width, depth)
    else:
        before, after = shown(old, width), shown(new, width)
        if len(name) + len(before) + len(after) + 6 <= width:
            yield DiffLine("~", f"{name}: {before} → {after}", depth)
        else:
            yield DiffLine("~", f"{name}:", depth)
            yield DiffLine("-", before, depth + 1)
            yield DiffLine("+", after, depth + 1)


def _whole(sign: Sign, name: str, value: object, width: int, depth: int) -> Iterator[DiffLine]:
    yield DiffLine(sign, f"{name}: {shown(value, max(20, width - len(name) - 2))}", depth)


def _text_lines(old: str, new: str, width: int, depth: int) -> Iterator[DiffLine]:
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1):
        if line.startswith(("---", "+++")):
            continue
        sign: Sign = "+" if line[0] == "+" else "-" if line[0] == "-" else " "
        yield DiffLine(sign, _cut(printable(line if line[0] == "@" else line[1:]), width), depth)


def shown(value: object, width: int) -> str:
    """A value on one line of at most `width` characters: JSON, whose end gives way where it is longer."""
    return _cut(printable(json.dumps(value, ensure_ascii=False, default=str)), width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(1, width - 3)] + "..."
