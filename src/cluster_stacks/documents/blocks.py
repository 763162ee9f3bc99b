"""A quick reading of the plainest YAML: blocks of keys, lists and scalars of one line, as tools write them.

Four of five files of a rendered branch are nothing else, and the parser's events cost four times as much. What is not
certain to be read alike is not read here at all: `read` gives None, and the loader has the word on everything that is
wrong, unusual or merely rare (several documents, flow collections, anchors, tags, escapes, other scripts than ASCII).
"""

from __future__ import annotations

import re
from typing import Any

from cluster_stacks.documents.scalars import MERGE_KEY, ScalarError, resolve

ROOT_EVENT = 2
"""The number of the root's event in a stream of one document that no marker begins."""
LARGEST = 4 * 1024 * 1024
"""Characters; the loader counts values, which so few characters cannot have too many of."""
_DEEPEST = 60
_KEPT = 50_000
# Indentation, dashes, then a key and its value if any, or else the value alone. Every line fits.
_LINE = re.compile(r"^( *)((?:- )*)(?:([A-Za-z_./$][A-Za-z0-9_./$-]{0,250}):(?: (.+))?|(.*))$", re.MULTILINE)
_OTHER = re.compile(r"[^\n -~]")
_DOUBLE, _SINGLE = re.compile(r'"[^"\\]*"'), re.compile(r"'[^']*'")
_PLAIN = re.compile(r"(?:[A-Za-z0-9/._+$(^~=;]|-[A-Za-z0-9])[ -~]*")


class _Unsure(Exception):  # noqa: N818 — no error: the loader is asked instead
    """Something that only the parser can tell the meaning of."""


class _Literal:
    """Stands for `|` or `|-`: the value is in the lines below."""

    def __init__(self, end: str) -> None:
        self.end = end


_LITERALS = {"|": _Literal("\n"), "|-": _Literal("")}


class _Values(dict[str, Any]):
    """Scalars by how they are written. Files say the same few thousand things again and again."""

    def __missing__(self, text: str) -> Any:
        if text == "{}":
            return {}  # not kept: no two places share a container
        if text == "[]":
            return []
        value = self[text] = _LITERALS[text] if text in _LITERALS else _scalar(text)
        return value


def _scalar(text: str) -> Any:
    if not text:
        raise _Unsure
    if text[0] == '"' or text[0] == "'":
        if (_DOUBLE if text[0] == '"' else _SINGLE).fullmatch(text) is None:
            raise _Unsure
        return text[1:-1]
    if _PLAIN.fullmatch(text) is None or ": " in text or " #" in text or text[-1] in ": ":
        raise _Unsure
    try:
        return resolve(text)
    except ScalarError:
        raise _Unsure from None


class _Keys(dict[str, str]):
    def __missing__(self, text: str) -> str:
        if text == MERGE_KEY or resolve(text) != text:
            raise _Unsure
        self[text] = text
        return text


_values, _keys = _Values(), _Keys()


def read(text: str) -> tuple[Any, int] | None:
    """The value of the only document in a text and the line (from 1) that it begins in; None where that is not sure."""
    if len(text) > LARGEST or not text.endswith("\n") or _OTHER.search(text):
        return None
    if len(_values) > _KEPT:
        _values.clear()
        _keys.clear()
    try:
        return _Blocks(text).read()
    except (_Unsure, ScalarError):
        return None


class _Blocks:
    """One document. `top` is the container that lines go into, `at` its column, `outer` those around it."""

    __slots__ = ("at", "lines", "listed", "outer", "pending", "rows", "text", "top")

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows: list[tuple[str, str, str, str, str]] = _LINE.findall(text)
        self.lines: list[str] | None = None
        self.top: Any = None
        self.at, self.listed = 0, False
        self.pending = ""
        self.outer: list[tuple[Any, int, bool]] = []

    def read(self) -> tuple[Any, int]:
        """The document and its first line. Raises _Unsure."""
        said = (n for n, row in enumerate(self.rows) if row[1] or row[2] or row[4][:1] not in ("", "#"))
        first = next(said, -1)
        if first < 0:
            raise _Unsure
        self.listed = bool(self.rows[first][1])
        root = self.top = [] if self.listed else {}
        self._read(first)
        return root, first + 1

    def _read(self, number: int) -> None:
        rows, keys, values = self.rows, _keys, _values
        top, at, listed, end = self.top, self.at, self.listed, len(rows)
        while number < end:
            indent, dashes, name, said, other = rows[number]
            number += 1
            if not (name or dashes):
                if other and other[0] != "#":
                    raise _Unsure
                continue
            if dashes or listed or len(indent) != at or self.pending:
                self._enter(len(indent), len(dashes) // 2, name)
                top, at, listed = self.top, self.at, self.listed
            if listed:
                value = values[other]
            elif said:
                value = values[said]
            else:
                value, self.pending = None, keys[name]
            if value.__class__ is _Literal:
                value, number = self._literal(number, value.end)
            if listed:
                top.append(value)
            elif name in top:
                raise _Unsure
            else:
                top[keys[name]] = value

    def _enter(self, column: int, dashes: int, name: str) -> None:
        """Finds or makes the container of a line: in this column, with so many dashes, and a key or none."""
        if self.pending:
            # A list may begin in the column of its key, a mapping may not. Else the value is null, as it is by now.
            if column > self.at or (dashes and column == self.at):
                self._open(self.pending, column, dashes > 0)
            self.pending = ""
        while self.at > column or (self.at == column and self.listed and not dashes):
            if not self.outer:
                raise _Unsure
            self.top, self.at, self.listed = self.outer.pop()
        if self.at != column or self.listed is not (dashes > 0):
            raise _Unsure
        for more in range(dashes - 1, -1, -1):
            column += 2
            if more or name:
                self._open(None, column, more > 0)

    def _open(self, key: str | None, column: int, listed: bool) -> None:
        """Begins a container: the value of a key, or the next of a list."""
        if len(self.outer) > _DEEPEST:
            raise _Unsure
        inner: Any = [] if listed else {}
        self.outer.append((self.top, self.at, self.listed))
        if key is None:
            self.top.append(inner)
        else:
            self.top[key] = inner
        self.top, self.at, self.listed = inner, column, listed

    def _literal(self, number: int, end: str) -> tuple[str, int]:
        """The text of the lines from `number` on that are further in than `at`, and the number of the next line."""
        if self.lines is None:
            self.lines = self.text.split("\n")
        lines = self.lines
        width = len(lines[number]) - len(lines[number].lstrip(" "))
        if width <= self.at or width == len(lines[number]):
            raise _Unsure
        margin, found = " " * width, []
        while number < len(lines) and (lines[number].startswith(margin) or not lines[number]):
            found.append(lines[number][width:])
            number += 1
        if number < len(lines) and not lines[number].strip(" "):
            raise _Unsure
        while found and not found[-1]:
            found.pop()
        return "\n".join(found) + end, number
