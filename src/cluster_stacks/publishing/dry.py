"""drySha: the source commit that the branch tells of. It goes forward, or stays."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.publishing.source import SourceCommit
from cluster_stacks.publishing.tips import Target, is_ancestor
from cluster_stacks.releases.branch import Branch
from cluster_stacks.repository import remote as remotes
from cluster_stacks.repository.git import Git

NOTES = "refs/notes/hydrator.metadata"
"""Where promotion tools for Argo CD look for the drySha of a commit that a newer source commit did not change."""


def is_outdated(git: Git, branch: Branch, source: SourceCommit, target: Target) -> bool:
    """Whether the branch was already made from a descendant of `source`: another run was faster.

    Raises CannotTell where this clone lacks the commit that would say so, and its date does not rule it out.
    """
    dry = noted(git, branch) or branch.hydrator.get("drySha", "")
    if dry == source.oid or not _is_commit_id(dry):
        return False
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
    return bool(known)


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


def noted(git: Git, branch: Branch) -> str:
    """The drySha in the note of the branch's tip; empty where there is none."""
    if branch.commit is None:
        return ""
    done = git.complete("notes", f"--ref={NOTES}", "show", branch.commit, ok=(0, 1, 128))
    try:
        value = json.loads(done.stdout) if not done.code else None
    except ValueError:
        return ""
    sha = value.get("drySha") if isinstance(value, dict) else None
    return sha if isinstance(sha, str) and _is_commit_id(sha) else ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of the note: whether there was anything to write, and why it could not be."""

    written: bool = False
    problem: str = ""


def fetch_notes(git: Git, target: Target) -> str | None:
    """The remote's notes, into this clone. They are made by tools alone, so the remote's replace what is here."""
    return remotes.fetch(git, target.remote, NOTES, NOTES) if target.remote else None


def note_unchanged(git: Git, branch: Branch, source: SourceCommit, target: Target) -> Noted:
    """Notes on the tip that `source` changes nothing. The branch is right without it, so a failure is only told."""
    if branch.commit is None or source.oid in (branch.hydrator.get("drySha"), noted(git, branch)):
        return Noted()
    try:
        before = fetch_notes(git, target) if target.push else None
        text = json.dumps({"drySha": source.oid}).encode()
        git.run("notes", f"--ref={NOTES}", "add", "-f", "-F", "-", branch.commit, stdin=text)
        if target.push and target.remote is not None:
            commit = git.commit(NOTES)
            if not remotes.push_with_lease(git, target.remote, commit, NOTES, before):
                return Noted(problem="somebody else wrote notes at the same time")
    except CannotTell as error:
        return Noted(problem=str(error))
    return Noted(written=True)


def _is_commit_id(text: str) -> bool:
    return len(text) in (40, 64) and all(character in "0123456789abcdef" for character in text)


def _not_after(date: str, other: str) -> bool:
    """Whether a date in ISO 8601 is not after another; True where that cannot be told."""
    try:
        return datetime.fromisoformat(date) <= datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return True
