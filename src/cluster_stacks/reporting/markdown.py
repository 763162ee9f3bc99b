"""Findings as a table of Markdown, for the summary of a job or a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cluster_stacks.model.finding import Finding, Waived
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.report import Report, by_severity, mending, place, plural, summary

COMMENT = 65_000
"""Bytes. A comment on GitHub has 65,536 characters at most; whoever posts this adds a mark to know it again."""

SUMMARY = 900_000
"""Bytes. GitHub takes 1 MiB for the summary of a step."""

# How many rows a reader sees at once, and how long the text of a cell may be.
_OPEN = 25
_CELL = 500

_HEAD = "\n| | rule | where | what |\n|---|---|---|---|\n"
_FOLD_END = "\n</details>\n"

# Also the dot and the colon that make an address a link. After the marks below, GitHub sees people and issues.
_SPECIAL = re.compile(r"[^\w\s./,:;'-]|_|(?<=\bwww)\.|:(?=//)", re.IGNORECASE)
_REFERENCE = "@#!~%$&"


def markdown(report: Report, limit: int = COMMENT) -> str:
    """A heading and a table of at most `limit` bytes: errors first, the first ones open, then folded, then counted."""
    page = _Page(limit - 200)  # for the last line
    page.add(f"### cluster-stacks {escaped(_cut(report.verb))}: {escaped(_cut(summary(report)))}\n")
    rows = [_row(finding) for finding in by_severity(report.findings)]
    shown = page.table(_HEAD, rows[:_OPEN], "")
    if shown == _OPEN and len(rows) > _OPEN:
        start = f"\n<details><summary>{plural(len(rows) - _OPEN, 'more finding')}</summary>\n"
        shown += page.table(start + _HEAD, rows[_OPEN:], _FOLD_END)
    if shown < len(rows):
        page.last(f"\n{plural(len(rows) - shown, 'more finding')} not shown.\n")
    elif report.waived:
        start = f"\n<details><summary>{len(report.waived)} waived</summary>\n"
        shown = page.table(start + _HEAD.replace("what", "why"), list(_waived_rows(report.waived)), _FOLD_END)
        if shown < len(report.waived):
            page.last(f"\n{len(report.waived) - shown} more waived, not shown.\n")
    return page.text


class _Page:
    """Text that grows up to a limit in bytes."""

    def __init__(self, limit: int) -> None:
        self._parts: list[str] = []
        self._left = limit

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, part: str) -> bool:
        """Takes the part where it has room."""
        size = len(part.encode())
        if size > self._left:
            return False
        self._parts.append(part)
        self._left -= size
        return True

    def table(self, start: str, rows: Sequence[str], end: str) -> int:
        """As many rows as have room, between a start and an end; none of the three where there is room for no row."""
        ends = len(end.encode())
        if not rows or len((start + rows[0]).encode()) + ends > self._left:
            return 0
        self._left -= ends
        self.add(start)
        shown = next((number for number, row in enumerate(rows) if not self.add(row)), len(rows))
        self._parts.append(end)
        return shown

    def last(self, part: str) -> None:
        """Takes a short part that the limit has left room for."""
        self._parts.append(part)


def _row(finding: Finding) -> str:
    fix = f"<br>fix: {_code(mending(finding.fix))}" if finding.fix else ""
    return _cells(finding.severity.value, finding.rule, _where(finding), escaped(_cut(finding.message)) + fix)


def _waived_rows(waived: Sequence[Waived]) -> Iterator[str]:
    for finding, reason, expires in waived:
        until = f" (until {escaped(expires)})" if expires else ""
        yield _cells("waived", finding.rule, _where(finding), escaped(_cut(reason)) + until)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _where(finding: Finding) -> str:
    where = place(finding.path, finding.line, finding.column) or finding.stack
    return _code(where) if where else ""


def _cut(text: str) -> str:
    return text if len(text) <= _CELL else text[: _CELL - 3] + "..."


def _code(text: str) -> str:
    """Text to copy. In it GitHub sees nobody; what would make an address of mail a link is parted by a comment."""
    return f"<code>{_SPECIAL.sub(_entity, printable(_cut(text))).replace('&#64;', '&#64;<!---->')}</code>"


def escaped(text: str) -> str:
    """Text that Markdown and HTML leave alone, and in which nobody is mentioned and nothing is referred to."""
    return _SPECIAL.sub(_apart, printable(text))


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match.group())};"


def _apart(match: re.Match[str]) -> str:
    """The character, and a space of no width where it would begin a name."""
    after = match.string[match.end() : match.end() + 1]
    is_name = match.group() in _REFERENCE and (after.isalnum() or after in ('"', "_", "/"))
    return _entity(match) + ("&#8203;" if is_name else "")
