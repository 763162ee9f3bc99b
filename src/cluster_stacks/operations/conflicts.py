"""metadata.yaml files that a merge left in conflict, because both sides moved their versions."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Fix
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.edits import replace
from cluster_stacks.operations.merge_driver import Sides, by_lines, with_versions
from cluster_stacks.repository import rules
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.paths import METADATA, place_of
from cluster_stacks.runtime.uninterrupted import uninterrupted
from cluster_stacks.versioning.merge import Conflict, merge_versions

_LIST = ("ls-files", "--unmerged", "-z", "--full-name", "--", f":(top,glob)providers/*/*/*/{METADATA}")
_BASE, _OURS, _THEIRS = "1", "2", "3"


class Unmerged(NamedTuple):
    """One metadata.yaml in conflict: mode and object of each side by its stage (1 base, 2 ours, 3 theirs)."""

    stack: StackId
    path: str
    sides: Mapping[str, tuple[str, str]]


class Resolved(NamedTuple):
    """What was resolved, and what is left for a human."""

    stacks: tuple[StackId, ...] = ()
    findings: tuple[Finding, ...] = ()


def unmerged(git: Git) -> list[Unmerged]:
    """The metadata.yaml files that the index holds in conflict."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for line in git.run(*_LIST).split(b"\0"):
        head, _, name = line.partition(b"\t")
        if name:
            mode, oid, stage = head.decode("ascii").split(" ")
            found.setdefault(os.fsdecode(name), {})[stage] = (mode, oid)
    places = ((path, place_of(path), sides) for path, sides in found.items())
    return [Unmerged(place.stack, path, sides) for path, place, sides in places if place and place.stack]


def resolve(git: Git, conflicts: Sequence[Unmerged]) -> Resolved:
    """Writes what both sides make together into the files and the index, and leaves every other conflict alone.

    The versions are a first answer: whoever bumps then compares the content. Raises CannotTell in a bare repository.
    """
    if git.top is None:
        raise CannotTell("a bare repository has no merge to resolve: work in a clone of it")
    stacks: list[StackId] = []
    findings: list[Finding] = []
    for conflict in conflicts:
        try:
            data = _merged(git, conflict)
        except Refused as refused:
            findings += refused.findings
            continue
        _write(git, git.top, conflict, data)
        stacks.append(conflict.stack)
    return Resolved(tuple(stacks), tuple(findings))


def _merged(git: Git, conflict: Unmerged) -> bytes:
    """The bytes of the file; Refused where they cannot be told."""
    if conflict.sides.keys() != {_BASE, _OURS, _THEIRS}:
        raise _by_hand(conflict, "one side added or removed it")
    read = git.batch.read([conflict.sides[stage][1] for stage in (_BASE, _OURS, _THEIRS)])
    contents = [item.data for item in read if item]
    if len(contents) != 3:
        raise CannotTell(f"the content of {conflict.path} is not in this repository: run `git fsck`")
    base, ours, theirs = (parse_metadata(data, conflict.path, conflict.stack) for data in contents)
    # Whichever side is the branch that it is for: it may have moved by many steps since.
    versions = merge_versions(base, ours, theirs)
    if isinstance(versions, Conflict):
        versions = merge_versions(base, ours, theirs, target=theirs)
    if isinstance(versions, Conflict):
        raise _by_hand(conflict, versions.reason)
    # With the same versions on all sides, what Git still finds in conflict is something else.
    clean, data = by_lines(git, Sides(*(with_versions(each, versions, conflict.path) for each in contents)))
    if not clean:
        raise _by_hand(conflict, "more than versions differs")
    return data


def _by_hand(conflict: Unmerged, reason: str) -> Refused:
    command = f"cluster-stacks bump {conflict.stack}"
    message = f"metadata.yaml stays in conflict: {reason}; resolve it by hand, `git add` it, then `{command}`"
    fix = Fix("resolve it by hand and `git add` it", command)
    return Refused(rules.finding(rules.METADATA, message, conflict.path, stack=conflict.stack, fix=fix))


def _write(git: Git, top: Path, conflict: Unmerged, data: bytes) -> None:
    mode = conflict.sides[_OURS][0]
    oid = git.run("hash-object", "-w", "--stdin", stdin=data).decode().strip()
    path = os.fsencode(conflict.path)
    where = top / conflict.path
    with uninterrupted():
        git.run("update-index", "-z", "--index-info", stdin=f"{mode} {oid}\t".encode() + path + b"\0")
        if where.is_file() and not where.is_symlink():
            replace(where, data)
