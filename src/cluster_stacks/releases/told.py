"""A comparison of two releases, line by line for people."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.releases.compare import AddonChange, Fate, ObjectChange, ReleaseComparison
from cluster_stacks.releases.difference import ABSENT, Difference
from cluster_stacks.releases.move import Move, Verdict
from cluster_stacks.reporting.difference import DiffLine, Sign, value_lines
from cluster_stacks.reporting.escape import printable

_SIGNS: dict[Fate, Sign] = {Fate.ADDED: "+", Fate.REMOVED: "-", Fate.CHANGED: "~"}


def comparison_lines(comparison: ReleaseComparison, width: int) -> Iterator[DiffLine]:
    """All that differs, and what it does to a Cluster that moves; no line is longer than `width` characters."""
    yield from content_lines(comparison, width)
    yield from _move_lines(comparison.move)


def content_lines(comparison: ReleaseComparison, width: int) -> Iterator[DiffLine]:
    """All that differs."""
    for component, (old, new) in comparison.versions.items():
        yield DiffLine("~", f"{component}: {old} → {new}")
    for change in (*comparison.objects, *comparison.image_objects):
        yield from _object_lines(change, width, 0)
    for addon in comparison.addons:
        yield from _addon_lines(addon, width)
    for difference in comparison.images:
        yield from _difference(difference, width, 0, "image ")
    if not _has_content(comparison):
        yield DiffLine(" ", "nothing but versions differs" if comparison.versions else "nothing differs")


def _has_content(comparison: ReleaseComparison) -> bool:
    return bool(comparison.objects or comparison.addons or comparison.images or comparison.image_objects)


def _object_lines(change: ObjectChange, width: int, depth: int) -> Iterator[DiffLine]:
    yield DiffLine(_SIGNS[change.fate], printable(f"{change.kind} {change.name}"), depth)
    for difference in change.differences:
        yield from _difference(difference, width, depth + 1)


def _addon_lines(addon: AddonChange, width: int) -> Iterator[DiffLine]:
    yield DiffLine(_SIGNS[addon.fate], printable(f"addon {addon.name}"))
    for difference in addon.differences:
        yield from _difference(difference, width, 1)
    for change in addon.objects:
        yield from _object_lines(change, width, 1)
    for fate, path in addon.files:
        yield DiffLine(_SIGNS[fate], printable(f"file {path}"), 1)


def _difference(item: Difference, width: int, depth: int, before: str = "") -> Iterator[DiffLine]:
    room = max(40, width - 2 * depth - 2)
    return value_lines(before + item.path, item.old, item.new, ABSENT, room, depth)


def _move_lines(move: Move) -> Iterator[DiffLine]:
    yield DiffLine("!" if move.verdict is Verdict.REFUSED else " ", f"the move of a Cluster: {move.verdict}")
    yield from (DiffLine("!", printable(reason), 1) for reason in move.reasons)
    yield from (DiffLine("!", printable(f"announced: {each}"), 1) for each in move.announced)
    yield from (DiffLine(" ", printable(f"rolls {roll}"), 1) for roll in move.rolls)
    yield from (DiffLine(" ", printable(f"may roll: {roll}"), 1) for roll in move.may_roll)
    if not move.rolls and not move.may_roll:
        yield DiffLine(" ", "rolls no machine", 1)
