"""Which stacks a change reaches, and how their effective files differ: pure bookkeeping on entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import MINOR, SHARED
from cluster_stacks.repository.changes import RawChange
from cluster_stacks.repository.effective import Folders, effective_entries, families
from cluster_stacks.repository.paths import METADATA, ROOT, Family, Place, family_of, in_root, place_of
from cluster_stacks.repository.rules import NOT_A_MINOR


class FamilyChange(NamedTuple):
    """What changed in one family: its changes, and the folders (minors, `shared` or `.`) that they stand in."""

    family: Family
    changes: tuple[RawChange, ...]
    folders: frozenset[str]

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What must be listed to know its effective layers: all of it where shared files changed, else its part.

        All of it for a new minor as well, which may be a copy of any other.
        """
        whole = SHARED in self.folders or ROOT in self.folders
        if whole or any(change.old is None and _is_metadata(change.path) for change in self.changes):
            return (self.family.path,)
        return tuple(f"{self.family.path}/{folder}" for folder in sorted(self.folders | {SHARED}))


def _is_metadata(path: str) -> bool:
    return path.endswith(f"/{METADATA}") and path.count("/") == 4


def reached(changes: Iterable[RawChange]) -> tuple[list[FamilyChange], list[Finding]]:
    """Changes sorted by family, and what is wrong with files that appear where no stack can be."""
    by_family: dict[Family, list[tuple[Place, RawChange]]] = {}
    wrong: dict[str, Finding] = {}
    for change in changes:
        place = place_of(change.path)
        if place and place.is_sound:
            by_family.setdefault(place.family, []).append((place, change))
            continue
        if place := in_root(change.path):
            by_family.setdefault(place.family, []).append((place, change))
        if change.new and (finding := _misplaced(change.new)):
            wrong[finding.path] = finding
    found = [
        FamilyChange(family, tuple(change for _, change in rows), frozenset(place.folder for place, _ in rows))
        for family, rows in sorted(by_family.items())
    ]
    return found, list(wrong.values())


def _misplaced(entry: Entry) -> Finding | None:
    from cluster_stacks.repository.stacks import misplaced

    return misplaced(entry)


class FamilyStates(NamedTuple):
    """The files of one family before and after."""

    family: Family
    before: Folders
    after: Folders

    @property
    def minors(self) -> list[str]:
        """Every minor of either state."""
        return sorted(folder for folder in self.before.keys() | self.after.keys() if MINOR.fullmatch(folder))


def with_roots(
    family: FamilyStates, read: Callable[[Entry], bytes]
) -> tuple[FamilyStates, tuple[Finding, ...]]:
    """Both states with the minors that one of upstream's layouts makes from the family's own folder.

    The findings are what is wrong with that folder now.
    """
    if ROOT not in family.before and ROOT not in family.after:
        return family, ()
    from cluster_stacks.repository.layouts import expand

    before, _ = expand(family.before, read)
    after, wrong = expand(family.after, read)
    return family._replace(before=before, after=after), wrong


def states(changed: FamilyChange, head: Iterable[Entry]) -> FamilyStates:
    """Both states of a family. `head` are its entries now; those before are the same with the changes taken back."""
    after = {entry.path: entry for entry in head}
    before = dict(after)
    for change in changed.changes:
        before.pop(change.path, None)
        if change.old:
            before[change.path] = change.old
    return FamilyStates(
        changed.family,
        families(before.values()).get(changed.family, {}),
        families(after.values()).get(changed.family, {}),
    )


def outside_roots(wrong: Iterable[Finding], states: Iterable[FamilyStates]) -> list[Finding]:
    """What of `wrong` stands, now that it is known whose folders need be no minors."""
    roots = {each.family for each in states if ROOT in each.after}
    return [one for one in wrong if not (roots and one.rule == NOT_A_MINOR and family_of(one.path) in roots)]


Differing = dict[str, tuple[Entry | None, Entry | None]]
"""By key: the entries of a file before and after, None where there is none."""


def differing(
    folders: FamilyStates, minor: str, remove_before: tuple[str, ...], remove_after: tuple[str, ...]
) -> Differing:
    """The keys of a minor whose effective file differs in content or mode, with both entries.

    A minor without a folder of its own has no files, whatever shared/ holds.
    """
    before = effective_entries(folders.before, minor, remove_before) if minor in folders.before else {}
    after = effective_entries(folders.after, minor, remove_after) if minor in folders.after else {}
    return {
        key: (before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if not _same(before.get(key), after.get(key))
    }


def _same(one: Entry | None, other: Entry | None) -> bool:
    """A file that moves between shared/ and the minor is the same content."""
    return one is not None and other is not None and (one.oid, one.mode) == (other.oid, other.mode)
