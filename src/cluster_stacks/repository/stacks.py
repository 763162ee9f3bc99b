"""Which stacks a snapshot has, and which of them are meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.layout import ROOT_MARKS
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import LAYER_FOLDERS, MINOR, NAME, PROVIDERS, SHARED, StackId
from cluster_stacks.repository import rules
from cluster_stacks.repository.paths import Family, Place, family_of, place_of, root_place, shown
from cluster_stacks.repository.snapshot import Snapshot


class Discovery(NamedTuple):
    """The stacks of a snapshot, in order, and what stands where only stacks may."""

    stacks: tuple[StackId, ...]
    findings: tuple[Finding, ...]


def discover(snapshot: Snapshot) -> Discovery:
    """All stacks of a snapshot. Files are read only where one of upstream's layouts does not name minors by folders."""
    entries = snapshot.entries(PROVIDERS)
    found = discover_in(entries)
    roots = _roots(entries)
    if not roots:
        return found
    return _with_roots(snapshot, entries, found, roots)


def discover_in(entries: Iterable[Entry]) -> Discovery:
    """All stacks that files at these paths make up, each in a folder of its own."""
    stacks: set[StackId] = set()
    wrong: dict[str, Finding] = {}
    for entry in entries:
        place = place_of(entry.path)
        if place and place.stack:
            stacks.add(place.stack)
        elif found := misplaced(entry):
            wrong[found.path] = found
    return Discovery(_ordered(stacks), tuple(wrong.values()))


def _roots(entries: Iterable[Entry]) -> set[Family]:
    """The families whose own folder is the source of minors."""
    found = set()
    for entry in entries:
        if entry.path.count("/") == 3 and entry.path.rpartition("/")[2] in ROOT_MARKS:
            place = root_place(entry.path)
            found |= {place.family} if place else set()
    return found


def _with_roots(snapshot: Snapshot, entries: Iterable[Entry], found: Discovery, roots: set[Family]) -> Discovery:
    """The same with the minors that roots are the source of; the folders of such a family need be no minors."""
    from cluster_stacks.repository.effective import expanded_told, families

    stacks = set(found.stacks)
    findings = [
        finding for finding in found.findings
        if finding.rule != rules.NOT_A_MINOR or family_of(finding.path) not in roots
    ]
    for family, folders in families(entries).items():
        if family in roots:
            now, wrong = expanded_told(snapshot, folders)
            stacks |= {family.stack(minor) for minor in now if MINOR.fullmatch(minor)}
            findings += wrong
    return Discovery(_ordered(stacks), tuple(findings))


def _ordered(stacks: Iterable[StackId]) -> tuple[StackId, ...]:
    return tuple(sorted(stacks, key=lambda stack: stack.sort_key))


def misplaced(entry: Entry) -> Finding | None:
    """What is wrong with where a file stands; None for files of stacks, and for those that belong to other tools."""
    place = place_of(entry.path)
    if place:
        return None if place.is_sound else _misplaced(place)
    if entry.is_submodule:
        message = "a submodule stands where stacks do: its files are not part of this commit, copy them in"
        return rules.finding(rules.SUBMODULE, message, entry.path)
    if entry.is_symlink and "." not in entry.path.rpartition("/")[2]:
        message = "a symbolic link stands where a folder of stacks does: links are not followed, make it a folder"
        return rules.finding(rules.LINK, message, entry.path)
    return None


def _misplaced(place: Place) -> Finding | None:
    family, folder = place.family, place.folder
    if any(name.startswith(".") for name in (family.provider, family.name, folder)):
        return None
    for kind, name, path in (
        ("provider", family.provider, f"{PROVIDERS}/{family.provider}"), ("stack", family.name, family.path)
    ):
        if not NAME.fullmatch(name):
            message = f"{shown(name)!r} is no name of a {kind}: use lower-case letters, digits and dashes"
            return rules.finding(rules.NAME, message, path)
    message = (
        f"the folder {shown(folder)!r} is no Kubernetes minor such as 1-36, nor {SHARED}: rename it, or move it out of "
        f"{PROVIDERS}/"
    )
    return rules.finding(rules.NOT_A_MINOR, message, f"{family.path}/{folder}")


def select(stacks: Collection[StackId], patterns: Sequence[str]) -> list[StackId]:
    """The stacks that `patterns` mean, in order: `docker/scs/1-36`, a prefix of it, or a path in a stack. None: all.

    Raises CannotTell for a pattern that means none, with the nearest names.
    """
    ordered = sorted(stacks, key=lambda s: s.sort_key)
    if not patterns:
        return ordered
    chosen: set[StackId] = set()
    for pattern in patterns:
        found = {stack for stack in ordered if _means(pattern, stack)}
        if not found:
            raise CannotTell(f"no stack is named {shown(pattern)}{_near(pattern, ordered)}")
        chosen |= found
    return [stack for stack in ordered if stack in chosen]


_OF_ALL = frozenset({SHARED, *LAYER_FOLDERS, *ROOT_MARKS})
"""What stands beside minors and is about all of them."""


def _means(pattern: str, stack: StackId) -> bool:
    wanted = _parts(pattern)
    own = [stack.provider, stack.name, stack.minor]
    if wanted[:2] == own[:2] and len(wanted) > 2 and wanted[2] in _OF_ALL:
        return True
    length = min(len(wanted), 3)
    return wanted[:length] == own[:length]


def _parts(pattern: str) -> list[str]:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    return parts[1:] if parts[:1] == [PROVIDERS] else parts


def _near(pattern: str, stacks: Sequence[StackId]) -> str:
    from cluster_stacks.model.near import near_names

    if not stacks:
        return f": there is none below {PROVIDERS}/"
    near = near_names("/".join(_parts(pattern)), [str(stack) for stack in stacks], 3, 0.5)
    return f": did you mean {' or '.join(near)}?" if near else f": `cluster-stacks list` shows all {len(stacks)}"
