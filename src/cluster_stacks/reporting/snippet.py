"""The line that a finding is about, with a caret below the place."""

from __future__ import annotations

import unicodedata
from array import array
from functools import lru_cache

from cluster_stacks.model.finding import Finding
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.report import Read

_CUT = "..."
_ABOUT_SECRETS = ("CS565", "CS566", "CS567")


def snippet(finding: Finding, read: Read | None, width: int) -> list[str]:
    """Two lines, at most `width` columns wide, or none where the file or the line is not known."""
    if read is None or not finding.path or finding.line < 1:
        return []
    text = _line(read(finding.path), finding.line)
    if text is None or not text.strip() or _is_secret(finding, text):
        return []
    gutter = f"{finding.line} | "
    source, caret = _marked(text, finding, width - len(gutter))
    return [gutter + source, " " * (len(gutter) - 2) + "| " + caret]


def _is_secret(finding: Finding, text: str) -> bool:
    """Whether the line must not be shown: what a job writes is kept, and read by many."""
    from cluster_stacks.documents.secrets import secrets_in

    return finding.rule in _ABOUT_SECRETS or any(secrets_in(text))


def _line(data: bytes | None, number: int) -> str | None:
    """Line `number`, from 1, without its end."""
    if data is None:
        return None
    starts = _starts(data)
    if number > len(starts):
        return None
    end = data.find(b"\n", starts[number - 1])
    line = data[starts[number - 1] : end if end >= 0 else len(data)].removesuffix(b"\r")
    return line.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")


@lru_cache(maxsize=2)
def _starts(data: bytes) -> array[int]:
    """Where the lines begin. Kept, because findings come file by file, and a file may have thousands."""
    starts, at = array("q", [0]), 0
    while at := data.find(b"\n", at) + 1:
        starts.append(at)
    return starts


def _marked(text: str, finding: Finding, width: int) -> tuple[str, str]:
    """The line and its caret, cut around the place where the line is too long."""
    begin, end = _span(text, finding)
    first = 0 if _width(_shown(text[: min(end, width)])) <= width - len(_CUT) >= begin else _window(text, begin, width)
    lead = _CUT if first else ""
    source = lead + _shown(text[first : first + width])
    if _width(source) > width or len(text) - first > width:
        source = _fit(source, width - len(_CUT)) + _CUT
    before = min(_width(lead + _shown(text[first:begin])), max(_width(source) - 1, 0))
    marks = max(1, min(_width(_shown(text[begin : min(end, begin + width)])), _width(source) - before))
    return source, (" " * before + "^" * marks) if finding.column else ""


def _span(text: str, finding: Finding) -> tuple[int, int]:
    """The characters of this line that are meant, counted from 0, the last one excluded."""
    begin = min(max(finding.column - 1, 0), len(text))
    if finding.end_line > finding.line:
        return begin, len(text)
    if finding.end_line == finding.line and finding.end_column > finding.column:
        return begin, finding.end_column - 1
    return begin, begin + 1


def _window(text: str, begin: int, width: int) -> int:
    """Where to cut so that a third of the width, at most, stands before the place."""
    first = begin
    while first and _width(_shown(text[first - 1 : begin])) <= width // 3:
        first -= 1
    return first


def _shown(text: str) -> str:
    return printable(text.replace("\t", "    "))


def _width(text: str) -> int:
    """Columns that a terminal needs."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _fit(text: str, width: int) -> str:
    """As much of the beginning as fits."""
    text = text[:width]
    while _width(text) > width:
        text = text[:-1]
    return text
