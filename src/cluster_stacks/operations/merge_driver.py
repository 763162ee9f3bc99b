"""Git's merge driver for metadata.yaml: the versions by the rules, the rest of the file by lines.

A driver is given three files and a path; which branches are being merged only the environment of `git merge` says
(GITHEAD_<id>). In a rebase, a cherry-pick, a revert or a stash nobody says what the sides are: then the file is merged
as Git would. Git starts no driver where both sides have the same bytes; the hook pre-merge-commit looks after those.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.comparing import reads
from cluster_stacks.repository.base import find_base
from cluster_stacks.repository.changes import merge_base, merge_heads
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.merged import (
    MergedSnapshot,
    changes_between,
    entries_of,
    merge_bases,
    merge_entries,
)
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.paths import METADATA, Family, place_of
from cluster_stacks.repository.snapshot import CommitSnapshot, read_path
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.expected import VERSIONED, is_right
from cluster_stacks.versioning.merge import Conflict, merge_kubernetes, merge_versions

LABELS = ("ours", "base", "theirs")


class Merged(NamedTuple):
    """What the driver made of one file. `conflict` says what is left to do; empty where nothing is."""

    clean: bool
    conflict: str = ""


class Sides(NamedTuple):
    """The three contents of a file that is merged."""

    base: bytes
    ours: bytes
    theirs: bytes


def merge_file(repo: Path, files: tuple[Path, Path, Path], path: str) -> Merged:
    """Merges the file `path` of the repository; `files` are Git's %O, %A and %B, and %A is written.

    Raises CannotTell where git cannot be asked.
    """
    git = Git.discover(repo)
    sides = Sides(*(file.read_bytes() for file in files))
    place = place_of(path)
    stack = place.stack if place and place.key == METADATA else None
    heads = merge_heads(git)
    if stack is None or len(heads) != 1:
        clean, data = by_lines(git, sides)
        files[1].write_bytes(data)
        return Merged(clean, "" if clean else "both sides edited the same lines")
    try:
        versions = _versions(git, stack, sides, heads[0])
    finally:
        git.close()
    clean, data = _apply(git, sides, versions, path, stack)
    files[1].write_bytes(data)
    if isinstance(versions, Conflict):
        return Merged(False, versions.reason)
    return Merged(clean, "" if clean else "the versions are merged, but both sides edited other lines")


def by_lines(git: Git, sides: Sides) -> tuple[bool, bytes]:
    """As Git merges any file: whether it was clean, and the result, with marks where it was not."""
    with tempfile.TemporaryDirectory(prefix="cluster-stacks-") as folder:
        names = [Path(folder, name) for name in LABELS]
        for name, data in zip(names, (sides.ours, sides.base, sides.theirs), strict=True):
            name.write_bytes(data)
        labels = [word for label in LABELS for word in ("-L", label)]
        done = git.complete("merge-file", "-p", *labels, *map(str, names), ok=range(128))
    return done.code == 0, done.stdout


def _versions(git: Git, stack: StackId, sides: Sides, theirs: str) -> Metadata | Conflict:
    try:
        base, ours, other = (parse_metadata(data, stack.metadata_path, stack) for data in sides)
    except Refused as refused:
        return Conflict(f"one of the sides cannot be read ({refused})")
    if not all(side.patch_known for side in (base, ours, other)):
        return Conflict("the oldest form of metadata.yaml does not say which Kubernetes it is for")
    kubernetes = merge_kubernetes(base.kubernetes, ours.kubernetes, other.kubernetes)
    if isinstance(kubernetes, Conflict):
        return kubernetes
    try:
        change = _change(git, stack, theirs, ours_counts=kubernetes == ours.kubernetes)
    except (CannotTell, Refused) as error:
        return Conflict(str(error))
    if isinstance(change, Conflict):
        return change
    changed = {component for component in VERSIONED if change.changed(component)}
    found = merge_versions(base, ours, other, target=change.tip, changed=changed)
    if isinstance(found, Metadata) and not all(is_right(change._replace(head=found), each) for each in VERSIONED):
        return Conflict("the rules ask for other versions than both sides together give")
    return found


def _unchanged(git: Git, stack: StackId, tip: str) -> StackChange:
    """Where the merge changes nothing of a stack: both sides made the same change."""
    data = read_path(CommitSnapshot(git, tip), stack.metadata_path)
    versions = parse_metadata(data, stack.metadata_path, stack) if data is not None else None
    return StackChange(stack, Status.CHANGED, {}, versions, versions, versions, tip)


def _change(git: Git, stack: StackId, theirs: str, *, ours_counts: bool) -> StackChange | Conflict:
    """What the merge changes in a stack, as `check` will see it. Raises CannotTell and Refused."""
    from cluster_stacks.versioning.detect import detect

    ancestors = merge_bases(git, ("HEAD", theirs))
    if len(ancestors) != 1:
        return Conflict(f"the branches have {len(ancestors) or 'no'} common ancestors")
    target = find_base(git)
    since = merge_base(git, target.ref) if target else "HEAD"
    before, merged = _states(git, stack, (ancestors[0], "HEAD", theirs), since, ours_counts=ours_counts)
    snapshot = MergedSnapshot(git, merged)
    tip = (target.target or target.ref) if target else "HEAD"
    detected = detect(Comparison(snapshot, tip, changes_between(before, merged)), reads)
    if any(finding.stack == str(stack) for finding in detected.findings):
        return Conflict("the merged stack cannot be read")
    found = next((each for each in detected.changes if each.stack == stack), None) or _unchanged(git, stack, tip)
    if found.tip is None:
        return Conflict("its versions on the branch that this is merged for are not known")
    return found


def _states(
    git: Git, stack: StackId, commits: tuple[str, str, str], since: str | None, *, ours_counts: bool
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """The files of all minors of the stack where the change starts, and after the merge."""
    folder = Family(stack.provider, stack.name).path
    base, ours, theirs = (entries_of(git, commit, folder) for commit in commits)
    before = entries_of(git, since, folder)
    merged = merge_entries(base, ours, theirs, before)
    # Only its Kubernetes version counts here: it decides which values templates read.
    merged[stack.metadata_path] = (ours if ours_counts else theirs)[stack.metadata_path]
    return before, merged


def _apply(
    git: Git, sides: Sides, versions: Metadata | Conflict, path: str, stack: StackId
) -> tuple[bool, bytes]:
    """The merged file: with the same versions on all sides, so that lines alone decide about the rest."""
    if isinstance(versions, Conflict):
        return False, by_lines(git, sides)[1]
    try:
        clean, data = by_lines(git, Sides(*(with_versions(side, versions, path) for side in sides)))
        if clean and parse_metadata(data, path, stack) != versions:
            return False, by_lines(git, sides)[1]
    except Refused:
        return False, by_lines(git, sides)[1]
    return clean, data


def with_versions(data: bytes, metadata: Metadata, path: str) -> bytes:
    """A metadata.yaml with these versions and every other byte as it was. Raises Refused."""
    from cluster_stacks.versioning import bump

    return bump.with_versions(data, {each: str(metadata.component(each)) for each in Component}, path)
