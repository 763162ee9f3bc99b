"""A DiffResult as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cluster_stacks.operations.diff import DiffResult, StackDiff
from cluster_stacks.releases.compare import ObjectChange
from cluster_stacks.releases.difference import ABSENT, Difference
from cluster_stacks.releases.told import comparison_lines
from cluster_stacks.reporting.difference import DiffLine, colored, fenced
from cluster_stacks.reporting.escape import encodable
from cluster_stacks.reporting.report import plural

_MARKDOWN_WIDTH = 160
BUDGET = 60_000
"""Bytes of Markdown. A comment on GitHub holds 65,536 characters, and a job adds words of its own."""


def text(result: DiffResult, *, width: int, color: bool) -> str:
    """For a terminal: a heading a stack, and what differs below it."""
    blocks = []
    for item in result.stacks:
        title = _title(item)
        lines = [colored(line, color=color) for line in _lines(item, width)]
        blocks.append("\n".join([f"\x1b[1m{title}\x1b[0m" if color else title, *lines]))
    return "\n\n".join(blocks)


def markdown(result: DiffResult, budget: int = BUDGET) -> str:
    """For a comment: what moves of Clusters meet first, then the details of each stack, as far as there is room."""
    if not result.stacks:
        return "### cluster-stacks: no release changes\n"
    title = f"### cluster-stacks: {plural(len(result.stacks), 'release')} would change\n\n"
    rows = [title + "| release | compared with | a Cluster may move | rolls |\n|---|---|---|---|\n"]
    size = len(rows[0].encode()) + 200
    for number, item in enumerate(result.stacks):
        row = _row(item)
        size += len(row.encode())
        if size > budget // 2:
            rows.append(f"\n{plural(len(result.stacks) - number, 'more release')} not shown.\n")
            break
        rows.append(row)
    for item in result.stacks:
        head, tail = f"\n<details><summary>{_cell(_title(item))}</summary>\n\n", "\n</details>\n"
        block, left = fenced(list(_lines(item, _MARKDOWN_WIDTH)), budget - size - len((head + tail).encode()) - 80)
        if not block:
            rows.append("\nThere is no room for the details of more releases: see `cluster-stacks diff`.\n")
            break
        more = f"\n{plural(left, 'more line')}: see `cluster-stacks diff`.\n" if left else ""
        rows.append(head + block + more + tail)
        size += len(rows[-1].encode("utf-8", "backslashreplace"))
    return "".join(rows)


def data(result: DiffResult) -> dict[str, Any]:
    """The form of schemas/diff.schema.json."""
    return {
        "schemaVersion": 1,
        "stacks": [_stack_data(item) for item in result.stacks],
        "notes": list(result.notes),
    }


def _title(item: StackDiff) -> str:
    if item.removed:
        return f"{item.stack}: removed" + (f", {item.name} stays published until it is retired" if item.name else "")
    if not item.before:
        return f"{item.stack}: {item.name} is the first"
    return f"{item.stack}: {item.name}, compared with {item.before} ({item.origin})"


def _lines(item: StackDiff, width: int) -> Iterator[DiffLine]:
    yield from (DiffLine("!", note) for note in item.notes)
    if item.comparison is None:
        return
    yield from comparison_lines(item.comparison, width)


def _row(item: StackDiff) -> str:
    cells = [item.name or str(item.stack), item.before or "-", "-", "-"]
    if item.removed:
        cells[2] = "removed"
    elif item.comparison:
        move = item.comparison.move
        cells[2] = f"{move.verdict}: {'; '.join(move.reasons)}" if move.reasons else str(move.verdict)
        cells[3] = "; ".join([*move.rolls, *(f"perhaps: {each}" for each in move.may_roll)]) or "nothing"
    return f"| {' | '.join(map(_cell, cells))} |\n"


def _cell(shown: str) -> str:
    from cluster_stacks.reporting.markdown import escaped

    return escaped(shown)


def _stack_data(item: StackDiff) -> dict[str, Any]:
    found: dict[str, Any] = {
        "stack": str(item.stack), "release": item.name or None, "comparedWith": item.before or None,
        "origin": item.origin or None, "removed": item.removed, "notes": list(item.notes),
    }
    comparison = item.comparison
    if comparison is None:
        return found | {
            "versions": {}, "objects": [], "addons": [], "images": [], "imageObjects": [], "move": None,
        }
    move = comparison.move
    return found | {
        "versions": {key.value: {"old": old, "new": new} for key, (old, new) in comparison.versions.items()},
        "objects": [_object_data(change) for change in comparison.objects],
        "addons": [
            {
                "name": addon.name, "fate": addon.fate.value, "differences": _differences_data(addon.differences),
                "objects": [_object_data(change) for change in addon.objects],
                "files": [{"fate": fate.value, "path": encodable(path)} for fate, path in addon.files],
            }
            for addon in comparison.addons
        ],
        "images": _differences_data(comparison.images),
        "imageObjects": [_object_data(change) for change in comparison.image_objects],
        "move": {
            "verdict": move.verdict.name.lower(), "reasons": list(move.reasons), "rolls": list(move.rolls),
            "mayRoll": list(move.may_roll), "announced": list(move.announced),
        },
    }


def _object_data(change: ObjectChange) -> dict[str, Any]:
    return {
        "fate": change.fate.value, "group": change.group, "kind": change.kind, "name": change.name,
        "differences": _differences_data(change.differences),
    }


def _differences_data(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """A side that lacks the place has no key, because null is a value."""
    return [
        {"path": item.path}
        | ({} if item.old is ABSENT else {"old": item.old})
        | ({} if item.new is ABSENT else {"new": item.new})
        for item in found
    ]
