"""The pages of the documentation as the tests read them: their fenced blocks and their prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(\s*)(`{3,})\s*([\w-]*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the language behind its fence, its lines without the fence's indentation.

    `line` is the number of the first of them, `before` the paragraph above.
    """

    language: str
    lines: tuple[str, ...]
    line: int
    before: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in their order."""
    return split(page)[1]


def split(page: Path) -> tuple[list[tuple[int, str]], list[Block]]:
    """A page as its lines of prose, each with its number, and its fenced blocks."""
    prose: list[tuple[int, str]] = []
    found: list[Block] = []
    inside: list[str] | None = None
    indent, fence, language, start = "", "", "", 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        match = FENCE.match(line)
        if inside is None and match:
            indent, fence, language = match.groups()
            inside, start = [], number + 1
        elif inside is not None and line.strip() == fence:
            found.append(Block(language, tuple(inside), start, paragraph(prose)))
            inside = None
        elif inside is not None:
            inside.append(line.removeprefix(indent))
        else:
            prose.append((number, line))
    assert inside is None, f"{page}: a fenced block is open"
    return prose, found


def paragraph(prose: list[tuple[int, str]]) -> str:
    """The last paragraph of some lines, in one line."""
    lines = [text.strip() for _, text in prose]
    while lines and not lines[-1]:
        lines.pop()
    start = max((index + 1 for index, line in enumerate(lines) if not line), default=0)
    return " ".join(lines[start:])
