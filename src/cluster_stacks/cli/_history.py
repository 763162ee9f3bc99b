"""A history as text, JSON and Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from cluster_stacks.model.finding import Severity
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.operations.history import HistoryResult, Row
from cluster_stacks.reporting.escape import encodable, printable
from cluster_stacks.versioning.timeline import Timeline
from cluster_stacks.versioning.verdicts import Verdict

_TITLES = ("COMMIT", "DATE", "SUBJECT", "STACK", "VERSIONS", "VERDICT")
_SUBJECT = 2
_SHORTEST = 16
_LONGEST = 60
_MARKED = re.compile(r"[^\w\s./,:;'-]|_")
_TIMES = {2: "twice"}


def text(result: HistoryResult, width: int = 120) -> str:
    """A table of the rows, then a line a stack."""
    rows = [_TITLES, *map(_cells, result.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_TITLES))]
    rest = sum(widths) - widths[_SUBJECT] + 2 * (len(_TITLES) - 1)
    widths[_SUBJECT] = min(widths[_SUBJECT], _LONGEST, max(_SHORTEST, width - rest))
    lines = []
    if result.rows:
        for row in rows:
            cells = (_cut(cell, size).ljust(size) for cell, size in zip(row, widths, strict=True))
            lines.append("  ".join(cells).rstrip())
        lines.append("")
    lines += [f"{timeline.stack}: {sentence(timeline, line=result.line)}" for timeline in result.timelines]
    return "\n".join(lines)


def markdown(result: HistoryResult, _width: int = 0) -> str:
    """The same as two tables."""
    lines = ["| stack | history |", "|---|---|"]
    lines += [
        f"| {timeline.stack} | {_marked(sentence(timeline, line=result.line))} |" for timeline in result.timelines
    ]
    if result.rows:
        lines += ["", f"| {' | '.join(title.lower() for title in _TITLES)} |", "|" + "---|" * len(_TITLES)]
        lines += [f"| {' | '.join(map(_marked, _cells(row)))} |" for row in result.rows]
    return "\n".join(lines)


def json(result: HistoryResult, _width: int = 0) -> str:
    """The form of schemas/history.schema.json."""
    from cluster_stacks.documents.json import dumps

    findings = result.findings
    counts = {
        f"{severity}s": sum(finding.severity is severity for finding in findings) for severity in Severity
    }
    return dumps({
        "schemaVersion": 1,
        "stacks": [_stack(timeline, line=result.line) for timeline in result.timelines],
        "commits": [_row(row) for row in result.rows],
        "summary": {**counts, "commits": result.commits, "stacks": len(result.timelines)},
    })


FORMATS: dict[str, Callable[[HistoryResult, int], str]] = {"text": text, "json": json, "markdown": markdown}


def sentence(timeline: Timeline, *, line: bool = True) -> str:
    """`v1 … v14 in 21 commits; 3 commits left versions behind, v9 used twice`."""
    span = _span(timeline) if line else ""
    told = f"{span} in {_many(timeline.commits, 'commit')}" if span else _many(timeline.commits, "commit")
    wrong = ", ".join(_wrong(timeline))
    return f"{told}; {wrong}" if wrong else f"{told}, nothing wrong"


def _span(timeline: Timeline) -> str:
    versions = list(timeline.versions)
    if not versions or timeline.last is None:
        return ""
    return str(versions[0]) if versions[0] == timeline.last else f"{versions[0]} … {timeline.last}"


def _wrong(timeline: Timeline) -> Iterator[str]:
    count = timeline.verdicts
    for verdict, words in (
        (Verdict.NOT_MOVED, "left versions behind"),
        (Verdict.MOVED_ALONE, "moved versions without a change"),
        (Verdict.SKIPPED, "skipped versions"),
        (Verdict.WENT_DOWN, "took versions down"),
        (Verdict.UNREADABLE, "left files that cannot be read"),
        (Verdict.REFUSED, "broke other rules"),
    ):
        if count[verdict]:
            yield f"{_many(count[verdict], 'commit')} {words}"
    if timeline.unversioned:
        yield "no metadata.yaml, so its versions are not in this history"
    if timeline.skipped:
        yield f"never given: {_some(_gaps(timeline))}"
    again = [f"{version} {_TIMES.get(n, f'{n} times')}" for version, n in timeline.used_again.items()]
    if again:
        yield f"used {_some(again)}"
    if timeline.removed:
        yield f"removed in {_some(timeline.removed)}"
    if timeline.created_again:
        yield f"there again in {_some(timeline.created_again)}"


def _gaps(timeline: Timeline) -> list[str]:
    return [f"v{first}" if first == last else f"v{first} to v{last}" for first, last in timeline.skipped]


def _some(words: list[str], most: int = 5) -> str:
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _cells(row: Row) -> tuple[str, ...]:
    judged = row.judged
    cells = (
        judged.commit.short + (" (range)" if row.range_ else ""), judged.commit.date, judged.commit.subject,
        str(judged.stack or "-"), _versions(judged.before, judged.after), _verdict(row),
    )
    return tuple(map(printable, cells))


def _versions(before: Metadata | None, after: Metadata | None) -> str:
    """`v3/v2/v1 → v4/v2/v1`: clusterStack, clusterAddon, nodeImage."""
    old, new = (
        f"{side.cluster_stack}/{side.cluster_addon}/{side.node_image}" if side else "-" for side in (before, after)
    )
    return old if old == new else f"{old} → {new}"


def _verdict(row: Row) -> str:
    ids = dict.fromkeys(finding.rule for finding in row.judged.findings)
    words = ", ".join(row.verdicts)
    if not ids:
        return "ok"
    told = words or ", ".join(dict.fromkeys(finding.severity for finding in row.judged.findings))
    return f"{told} ({' '.join(ids)})"


def _cut(cell: str, size: int) -> str:
    return cell if len(cell) <= size else cell[: size - 1] + "…"


def _marked(cell: str) -> str:
    """Text that Markdown and HTML leave alone."""
    return _MARKED.sub(lambda match: match.group() if match.group() in "→…()" else f"&#{ord(match.group())};", cell)


def _stack(timeline: Timeline, *, line: bool) -> dict[str, Any]:
    return {
        "stack": str(timeline.stack),
        "verdict": sentence(timeline, line=line),
        "commits": timeline.commits,
        "wrong": {verdict.value: timeline.verdicts[verdict] for verdict in Verdict if timeline.verdicts[verdict]},
        "versions": [
            {"clusterStack": str(version), "commit": use.commit, "contents": use.contents}
            for version, use in timeline.versions.items()
        ],
        "neverGiven": _gaps(timeline),
        "removed": list(timeline.removed),
        "createdAgain": list(timeline.created_again),
    }


def _row(row: Row) -> dict[str, Any]:
    from cluster_stacks.reporting.json import finding_data

    judged = row.judged
    commit = judged.commit
    return {
        "commit": commit.oid,
        "parents": list(commit.parents),
        "date": commit.date if commit.date != "-" else None,
        "subject": encodable(commit.subject),
        "range": row.range_ or None,
        "stack": str(judged.stack) if judged.stack else None,
        "before": judged.before.as_dict() if judged.before else None,
        "after": judged.after.as_dict() if judged.after else None,
        "verdicts": list(row.verdicts),
        "findings": [finding_data(finding) for finding in judged.findings],
    }
