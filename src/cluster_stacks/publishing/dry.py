"""drySha: the source commit that the branch tells of. It goes forward, or stays."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.publishing.source import SourceCommit
from cluster_stacks.publishing.tips import NOTES, Target, Tip, is_ancestor
from cluster_stacks.releases.branch import Branch
from cluster_stacks.repository import remote as remotes
from cluster_stacks.repository.git import Git

_NOTE_TRIES = 5


def newer_source(git: Git, branch: Branch, tip: Tip, source: SourceCommit, target: Target) -> str:
    """The commit that the branch was already made from, where `source` is an ancestor of it: another run was faster.

    Empty where there is none. Raises CannotTell where this clone lacks the commit that would say so, and its date does
    not rule it out.
    """
    dry = noted(git, branch, tip.notes) or branch.hydrator.get("drySha", "")
    if dry == source.oid or not _is_commit_id(dry):
        return ""
    known = _has(git, dry, source.oid)
    if known is None and _not_after(source.date, branch.hydrator.get("date", "")):
        if target.remote is not None:
            remotes.fetch_commit(git, target.remote, dry)
            known = _has(git, dry, source.oid)
        if known is None:
            raise CannotTell(
                f"{target.branch} was made from commit {dry[:12]}, which this clone lacks and which is not older than "
                f"{source.short}: fetch the whole history (`git fetch --unshallow`, `git fetch`) and publish again"
            )
    return dry if known else ""


def _has(git: Git, new: str, old: str) -> bool | None:
    """Whether `new` has `old` in its history. A shallow clone that says no may only not have looked far enough."""
    known = is_ancestor(git, old, new)
    if known is False and not is_ancestor(git, new, old) and _is_cut(git, new):
        return None
    return known


def _is_cut(git: Git, commit: str) -> bool:
    """Whether the history of a commit ends where a shallow clone ends, and not at its beginning."""
    path = git.cwd / os.fsdecode(git.run("rev-parse", "--git-path", "shallow")).removesuffix("\n")
    if not path.exists():
        return False
    return not set(path.read_text().split()).isdisjoint(git.lines("rev-list", commit))


def noted(git: Git, branch: Branch, notes: str | None = NOTES) -> str:
    """The drySha in the note of the branch's tip, as the revision `notes` has it; empty where there is none."""
    if branch.commit is None or notes is None:
        return ""
    # git spreads many notes over folders: aabbcc…, aa/bbcc…, aa/bb/cc….
    oid = branch.commit
    names = (oid, f"{oid[:2]}/{oid[2:]}", f"{oid[:2]}/{oid[2:4]}/{oid[4:]}")
    found = (git.complete("cat-file", "blob", f"{notes}:{name}", ok=(0, 128)) for name in names)
    text = next((done.stdout for done in found if not done.code), b"")
    try:
        value = json.loads(text) if text else None
    except ValueError:
        return ""
    sha = value.get("drySha") if isinstance(value, dict) else None
    return sha if isinstance(sha, str) and _is_commit_id(sha) else ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of the note: whether there was anything to write, and why it could not be."""

    written: bool = False
    problem: str = ""


def note_unchanged(git: Git, branch: Branch, tip: Tip, source: SourceCommit, target: Target) -> Noted:
    """Notes on the tip that `source` changes nothing. The branch is right without it, so a failure is only told."""
    if branch.commit is None or source.oid in (branch.hydrator.get("drySha"), noted(git, branch, tip.notes)):
        return Noted()
    try:
        for _ in range(_NOTE_TRIES):
            if _note(git, branch, branch.commit, source, target):
                return Noted(written=True)
    except CannotTell as error:
        return Noted(problem=str(error))
    return Noted(problem="others wrote notes at the same time")


def _note(git: Git, branch: Branch, commit: str, source: SourceCommit, target: Target) -> bool:
    """Writes the note, unless there is a newer one by now. False where somebody else wrote notes in between."""
    remote = target.remote if target.push else None
    before = remotes.fetch(git, remote, NOTES).get(NOTES) if remote else git.find_commit(NOTES)
    newest = noted(git, branch, before)
    if newest and is_ancestor(git, source.oid, newest):
        return True
    if remote and before and before != git.find_commit(NOTES):
        # Notes are made by tools alone, so the remote's replace what is here.
        git.run("update-ref", "-m", "publish", NOTES, before)
    text = json.dumps({"drySha": source.oid}).encode()
    git.run("notes", f"--ref={NOTES}", "add", "-f", "-F", "-", commit, stdin=text)
    return not remote or remotes.push_with_lease(git, remote, git.commit(NOTES), NOTES, before)


def _is_commit_id(text: str) -> bool:
    return len(text) in (40, 64) and all(character in "0123456789abcdef" for character in text)


def _not_after(date: str, other: str) -> bool:
    """Whether a date in ISO 8601 is not after another; True where that cannot be told."""
    try:
        return datetime.fromisoformat(date) <= datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return True
