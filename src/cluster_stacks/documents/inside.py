"""From a place in the value of a text back to the place in the file where that letter is written."""

from __future__ import annotations

import re

from cluster_stacks.model.source import Position

_LITERAL = re.compile(r"\|[-+0-9]*[ \t]*(?:#.*)?$")


def inside(written: str, start: Position, at: Position) -> Position | None:
    """Where the letter at line and column `at` of a scalar's value stands, all from 1; None where that is not plain.

    `written` is the scalar as the file has it, from its place `start` to its end: a literal block (`|`), or a text in
    one line. What is folded over several lines is not followed.
    """
    first, *lines = written.split("\n")
    if _LITERAL.match(first):
        return _in_block(first, lines, start, at)
    if lines or at.line != 1 or not written:
        return None
    column = _in_line(written, at.column)
    return Position(start.line, start.column + column) if column is not None else None


def _in_block(header: str, lines: list[str], start: Position, at: Position) -> Position | None:
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
    if re.match(r"\|[-+]?[1-9]", header) or at.line > len(lines):
        return None
    return Position(start.line + at.line, indent + at.column)


def _in_line(written: str, column: int) -> int | None:
    """How many letters of a scalar in one line stand before the letter `column` of its value."""
    quote = written[0]
    if quote not in "'\"":
        return column - 1 if quote not in "&!*>|" else None
    at = 1
    for _ in range(column - 1):
        if quote == "'" and written.startswith("''", at):
            at += 1
        elif quote == '"' and written[at : at + 1] == "\\":
            if written[at + 1 : at + 2] not in '"\\/ntr':
                return None
            at += 1
        at += 1
    return at
