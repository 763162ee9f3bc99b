"""Cuts a minor off from shared/: it gets its own copy of what it has from there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Fix
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.edits import replace
from cluster_stacks.repository import rules
from cluster_stacks.repository.effective import effective_entries, families, fit_entries
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.overlay import EVERYTHING, NOTHING, Overlay, parse_overlay
from cluster_stacks.repository.paths import OVERLAY, Family
from cluster_stacks.repository.snapshot import Snapshot, WorktreeSnapshot
from cluster_stacks.repository.stacks import discover, select
from cluster_stacks.runtime.uninterrupted import uninterrupted

_CUT = b"shared: false"


@dataclass(frozen=True, slots=True)
class DetachResult:
    """The stack, and the keys of the files that it has (or would have) now as its own; none where it was detached."""

    stack: StackId
    copied: tuple[str, ...] = ()
    was_detached: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """A minor in the work tree: its overlay, its effective files, and the bytes of overlay.yaml (None: no file)."""

    overlay: Overlay
    entries: dict[str, Entry]
    text: bytes | None


def detach(repo: Path, pattern: str, *, dry_run: bool = False) -> DetachResult:
    """Copies what one stack has from shared/ into its own folder; overlay.yaml then says that no more comes from there.

    Content, modes and symbolic links stay as they are on disk, so that no version moves. Raises CannotTell for a
    pattern that means not exactly one stack, Refused where a copy is impossible or would be other content; then all is
    as before.
    """
    git = Git.discover(repo)
    if git.top is None:
        raise CannotTell("a bare repository has no files to copy: work in a clone of it")
    snapshot = WorktreeSnapshot(git)
    try:
        stack = _one(snapshot, pattern)
        before = _state(snapshot, stack)
        if EVERYTHING in before.overlay.remove:
            return DetachResult(stack, was_detached=True)
        text = _cut(before, stack)
        shared = {key: entry for key, entry in before.entries.items() if entry.path.startswith(stack.shared_path + "/")}
        if not dry_run:
            _write(git, snapshot, stack, before, shared, text)
        return DetachResult(stack, tuple(shared))
    finally:
        snapshot.close()


def _one(snapshot: Snapshot, pattern: str) -> StackId:
    chosen = select(discover(snapshot).stacks, [pattern])
    if len(chosen) > 1:
        raise CannotTell(f"{pattern} means {len(chosen)} stacks: name one, such as {chosen[0]}")
    stack = chosen[0]
    if not snapshot.entries(stack.path):
        raise CannotTell(f"{stack} has no folder of its own, its layout has no shared/ either: see docs/layouts.md")
    return stack


def _state(snapshot: Snapshot, stack: StackId) -> _State:
    """Raises Refused where the overlay is wrong, or does not fit."""
    folders = families(snapshot.entries(stack.path, stack.shared_path)).get(Family(stack.provider, stack.name), {})
    path = f"{stack.path}/{OVERLAY}"
    entry = folders.get(stack.minor, {}).get(OVERLAY)
    text = next(data for _, data in snapshot.read([entry])) if entry else None
    overlay = parse_overlay(text, path, stack) if text is not None else NOTHING
    fit_entries(stack, folders, overlay)
    return _State(overlay, effective_entries(folders, stack.minor, overlay.remove), text)


def _cut(state: _State, stack: StackId) -> bytes:
    """overlay.yaml with one more line at its end."""
    if state.text is None:
        return _CUT + b"\n"
    text = _with_cut(state.text)
    path = f"{stack.path}/{OVERLAY}"
    try:
        fits = EVERYTHING in parse_overlay(text, path, stack).remove
    except Refused:
        fits = False
    if not fits:
        fix = Fix("write `shared: false` there, then detach again")
        message = "a line cannot be added at the end of this file"
        raise Refused(rules.finding(rules.OVERLAY, message, path, stack=stack, fix=fix))
    return text


def _with_cut(text: bytes) -> bytes:
    end = b"\r\n" if b"\r\n" in text else b"\n"
    return text + (b"" if text.endswith(b"\n") else end) + _CUT + end


def _write(
    git: Git, snapshot: Snapshot, stack: StackId, before: _State, shared: dict[str, Entry], text: bytes
) -> None:
    """Copies first, which changes nothing yet, and cuts then; takes all back where the outcome is not the same."""
    top = git.top
    assert top
    made: list[Path] = []
    overlay = top / stack.path / OVERLAY
    own = overlay.read_bytes() if overlay.is_file() else None
    try:
        for key, entry in shared.items():
            _copy(snapshot, top, entry, top / stack.path / key, made)
        if own is None:
            made.append(overlay)
            overlay.write_bytes(text)
        else:
            replace(overlay, _with_cut(own))
        _require_same(git, stack, before)
    except BaseException:
        with uninterrupted():
            if own is not None:
                replace(overlay, own)
            _remove(made)
        raise


def _copy(snapshot: Snapshot, top: Path, entry: Entry, target: Path, made: list[Path]) -> None:
    """As it is on disk, links as links; what a sparse checkout leaves out, as it is in Git."""
    _make_folders(target.parent, made)
    if os.path.lexists(target):
        shown = target.relative_to(top).as_posix()
        raise Refused(rules.finding(rules.OVERLAY, "a file that Git ignores stands where a copy goes: move it", shown))
    made.append(target)
    source = top / entry.path
    if os.path.lexists(source):
        shutil.copy2(source, target, follow_symlinks=False)
        return
    ((_, data),) = snapshot.read([entry])
    if entry.is_symlink:
        target.symlink_to(os.fsdecode(data))
        return
    target.write_bytes(data)
    target.chmod(0o755 if entry.mode == "100755" else 0o644)


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    for each in reversed(missing):
        each.mkdir()
        made.append(each)


def _require_same(git: Git, stack: StackId, before: _State) -> None:
    """Raises Refused where Git now sees other content: attributes or ignored names may differ by folder."""
    snapshot = WorktreeSnapshot(git)
    try:
        after = _state(snapshot, stack).entries
    finally:
        snapshot.close()
    for key in sorted(before.entries.keys() | after.keys()):
        old, new = before.entries.get(key), after.get(key)
        if not (old and new and (old.oid, old.mode) == (new.oid, new.mode)):
            message = f"a copy of {key} would not be the same to Git: look at .gitignore and .gitattributes"
            raise Refused(rules.finding(rules.OVERLAY, message, f"{stack.path}/{key}", stack=stack))


def _remove(made: Sequence[Path]) -> None:
    for path in reversed(made):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
