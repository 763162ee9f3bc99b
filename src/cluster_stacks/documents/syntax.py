"""What is wrong with the text of a file, in words that say what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from yaml import MarkedYAMLError, YAMLError

from cluster_stacks.documents import rules
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Related
from cluster_stacks.model.source import Position

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Beyond any of these it is refused before it does harm.

    `bytes` and `line` (the longest line, in bytes) bound the text, `depth` the nesting, `nodes` the number of the
    parser's events (a value is one, a container two), `aliases` the number of values that aliases add.
    """

    bytes: int = 32 * 2**20
    line: int = 2 * 2**20
    depth: int = 200
    nodes: int = 1_500_000
    aliases: int = 100_000
    documents: int = 20_000


DEFAULT = Limits()

_INDENTATION = "mend the indentation"
# What libyaml says and what to do about it. The first text that the problem contains decides.
_ADVICE = (
    ("mapping values are not allowed", f"a ': ' where no key can stand: quote the value, or {_INDENTATION}"),
    ("did not find expected key", f"this line fits no block around it: {_INDENTATION}, or close the quote before it"),
    ("could not find expected ':'", f"no ': ' after a key: add it, or {_INDENTATION} of a value that goes on here"),
    ("did not find expected '-' indicator", f"this line is no part of the list: begin it with '- ', or {_INDENTATION}"),
    ("did not find expected ',' or ']'", "a ',' or the closing ']' is missing before this place"),
    ("did not find expected ',' or '}'", "a ',' or the closing '}' is missing before this place"),
    ("did not find expected node content", "a value is missing here"),
    ("found unexpected end of stream", "the file ends inside a quoted value: close the quote"),
    ("found unexpected document indicator", "a '---' or '...' line inside a quoted value: close the quote before it"),
    ("did not find expected <document start>", "more content after the end of the document: begin it with '---'"),
    ("found unknown escape character", r"an unknown escape after a backslash: write \\, or use single quotes"),
    ("block sequence entries are not allowed", "a list cannot begin here: put it on a line of its own"),
    ("block mapping", "a mapping cannot begin here: put it on a line of its own"),
    ("did not find expected alphabetic or numeric", "no name after '&' or '*': quote the value if it is text"),
    ("did not find expected comment or line break", "text after the '|' or '>' of a block: move it to the next line"),
    ("found unexpected ':'", "a ':' inside an unquoted value of a list or mapping in brackets: quote the value"),
    ("mapping keys are not allowed", "a '?' where no key can stand: quote the value"),
    ("expected whitespace or line break", "no space after a tag or an anchor: quote the value if it is text"),
    ("found a tab", "a tab where YAML wants spaces: replace it"),
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff]")


def decoded(data: bytes, path: str, limits: Limits) -> str:
    """The text of a file without its byte order mark. Raises Refused where it is no UTF-8 or beyond its limits."""
    if len(data) > limits.bytes:
        message = f"the file has {len(data):,} bytes, more than {limits.bytes:,}: split it"
        raise rules.refused(rules.LIMIT, message, path)
    _check_lines(data, path, limits)
    data = data.removeprefix(BOM)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        at = place(data[: error.start].decode())
        hint = f"the byte 0x{data[error.start]:02x} here is wrong"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            hint = "it looks like UTF-16"
        raise rules.refused(rules.ENCODING, f"the file is not UTF-8 ({hint}): save it as UTF-8", path, at) from None


def remarks(data: bytes, path: str) -> list[Finding]:
    """Warnings about a byte order mark and carriage returns, at most one each. Both are read, and kept by edits."""
    found = []
    if data.startswith(BOM):
        message = "the file begins with a byte order mark, which some tools take for a part of the first key: remove it"
        found.append(rules.finding(rules.REMARK, message, path, Position(1, 1), key="bom"))
    if b"\r" in data:
        before = data[: data.index(b"\r")].removeprefix(BOM).decode("utf-8", "replace")
        message = "lines end in carriage returns (CRLF), which scripts in this file would keep: save it with LF"
        found.append(rules.finding(rules.REMARK, message, path, place(before), key="crlf"))
    return found


def _check_lines(data: bytes, path: str, limits: Limits) -> None:
    """Finds a line that is too long without looking at every line: a step ends at the last line end within reach."""
    start = 0
    while len(data) - start > limits.line:
        end = data.rfind(b"\n", start, start + limits.line + 1)
        if end < 0:
            at = Position(data.count(b"\n", 0, start) + 1, 1)
            message = f"the line has more than {limits.line:,} bytes: break it, or put its data in a file of its own"
            raise rules.refused(rules.LIMIT, message, path, at)
        start = end + 1


def place(before: str) -> Position:
    """The position of what follows the text `before`."""
    return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))


def position(start: Any, end: Any = None) -> Position:
    """Marks of the parser, counted from 0, as a Position, counted from 1.

    A block of text ends for the parser at the beginning of the next line: its end is given as the line before it.
    """
    if end is None:
        return Position(start.line + 1, start.column + 1)
    if end.column == 0 and end.line > start.line:
        return Position(start.line + 1, start.column + 1, end.line)
    return Position(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def refuse(error: YAMLError, text: str, path: str) -> Refused:
    """The one finding for what the parser raised."""
    mark = (error.problem_mark or error.context_mark) if isinstance(error, MarkedYAMLError) else None
    if not isinstance(error, MarkedYAMLError) or mark is None:
        return _unreadable(error, text, path)
    related: tuple[Related, ...] = ()
    if error.context_mark and error.context and error.context_mark.line != mark.line:
        start = position(error.context_mark)
        what = error.context.removeprefix("while ") + " that began here"
        related = (Related(path, start.line, start.column, what),)
    return rules.refused(rules.SYNTAX, _advice(str(error.problem), mark, text), path, position(mark), related=related)


def _advice(problem: str, mark: Any, text: str) -> str:
    if "cannot start any token" in problem:
        character = text[mark.index : mark.index + 1]
        if character != "\t":
            return f"a value cannot begin with {character!r}: quote it"
        problem = "found a tab"
    return next((advice for said, advice in _ADVICE if said in problem), f"not YAML: {problem}")


def _unreadable(error: YAMLError, text: str, path: str) -> Refused:
    """The parser tells of a character that YAML forbids by its offset only."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return rules.refused(rules.ENCODING, f"not YAML: {' '.join(str(error).split())}", path)
    message = f"YAML forbids the character U+{ord(found.group()):04X}: remove it, or escape it in double quotes"
    return rules.refused(rules.ENCODING, message, path, place(text[: found.start()]))
