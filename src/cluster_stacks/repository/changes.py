"""What changed between two states, as Git sees it: by content and mode, never by similarity."""

from __future__ import annotations

import os
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import PROVIDERS
from cluster_stacks.repository.git import Git, safe_revision, unknown_revision

# Renames would hide the side that lost its files; a user's configuration must not decide what counts.
_DIFF = (
    "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff", "--ignore-submodules=dirty"
)
_PATHS = ("--", f":(top,literal){PROVIDERS}")
_NOTHING = "000000"


class RawChange(NamedTuple):
    """One path that differs. `old` is None for a new file, `new` for a deleted one; a renamed file is one of each."""

    path: str
    old: Entry | None
    new: Entry | None


def diff_commits(git: Git, base: str, head: str) -> list[RawChange]:
    """The changes below providers/ from the merge base of two commits to `head`.

    Raises CannotTell where one of them is unknown, or where this clone does not have their merge base.
    """
    revisions = f"{safe_revision(base)}...{safe_revision(head)}"
    done = git.complete(*_DIFF, revisions, *_PATHS, ok=(0, 128))
    if done.code:
        raise _no_merge_base(git, base, head)
    return parse_raw(done.stdout)


def diff_index(git: Git, base: str | None = None) -> list[RawChange]:
    """The changes below providers/ from a commit (None: HEAD, or nothing on an unborn branch) to the index."""
    return parse_raw(git.run(*_DIFF, "--cached", *([base] if base else []), *_PATHS))


def merge_base(git: Git, base: str) -> str | None:
    """The merge base of `base` and the commit that the index will become, a merge in progress included.

    None on an unborn branch. Raises CannotTell where there is no merge base.
    """
    if git.find_commit(base) is None:
        raise CannotTell(unknown_revision(base))
    if git.find_commit("HEAD") is None:
        return None
    parents = ["HEAD", *filter(None, [git.find_commit("MERGE_HEAD")])]
    done = git.complete("merge-base", safe_revision(base), *parents, ok=(0, 1))
    if done.code:
        raise _no_merge_base(git, base, "HEAD")
    return done.stdout.decode().split()[0]


def parse_raw(output: bytes) -> list[RawChange]:
    """The output of `git diff --raw -z --no-abbrev --no-renames`. Raises CannotTell for an unresolved merge."""
    fields = iter(output.split(b"\0"))
    found = []
    for header in fields:
        if not header:
            continue
        path = os.fsdecode(next(fields))
        old_mode, new_mode, old_oid, new_oid, status = header.decode("ascii").removeprefix(":").split(" ")
        if status.startswith("U"):
            raise CannotTell(f"the index has an unresolved merge at {path}: resolve it, then `git add` it")
        found.append(RawChange(path, _entry(path, old_mode, old_oid), _entry(path, new_mode, new_oid)))
    return found


def _entry(path: str, mode: str, oid: str) -> Entry | None:
    return None if mode == _NOTHING else Entry(path, mode, oid)


def _no_merge_base(git: Git, base: str, head: str) -> CannotTell:
    """Why git could not compare two commits, and what to do."""
    if git.find_commit(head) is None:
        if head == "HEAD":
            return CannotTell("there is no commit yet: compare what is staged, with --staged")
        return CannotTell(unknown_revision(head))
    if git.find_commit(base) is None:
        return CannotTell(unknown_revision(base))
    if git.run("rev-parse", "--is-shallow-repository").strip() == b"true":
        return CannotTell(
            f"this clone is shallow and lacks the merge base of {base} and {head}: run `git fetch --unshallow`"
        )
    return CannotTell(f"{base} and {head} have no common history: name another base with --base")
