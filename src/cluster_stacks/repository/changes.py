"""What changed between two states, as Git sees it: by content and mode, never by similarity."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import PROVIDERS, SETTINGS_PATH
from cluster_stacks.repository.batch import LACKING
from cluster_stacks.repository.git import Git, Lacking, safe_revision, unknown_revision

# Renames would hide the side that lost its files; a user's configuration must not decide what counts.
_DIFF = (
    "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff", "--ignore-submodules=dirty"
)
_PATHS = ("--", f":(top,literal){PROVIDERS}", f":(top,literal){SETTINGS_PATH}")
_NOTHING = "000000"
_GITHEAD = "GITHEAD_"


class RawChange(NamedTuple):
    """One path that differs. `old` is None for a new file, `new` for a deleted one; a renamed file is one of each."""

    path: str
    old: Entry | None
    new: Entry | None


def diff_commits(git: Git, base: str, head: str, *, exact: bool = False) -> list[RawChange]:
    """The changes below providers/ and of the settings, from the merge base of two commits to `head`; with `exact`,
    from `base` itself.

    Raises CannotTell where one of them is unknown, or where this clone does not have their merge base.
    """
    revisions = f"{safe_revision(base)}{'..' if exact else '...'}{safe_revision(head)}"
    done = git.complete(*_DIFF, revisions, *_PATHS, ok=(0, 128))
    if done.code:
        if b"promisor remote" in done.stderr:
            raise CannotTell(f"an object of {base} or {head} is not in this repository: {LACKING}")
        raise _no_merge_base(git, base, head)
    return parse_raw(done.stdout)


def diff_index(git: Git, base: str | None = None) -> list[RawChange]:
    """The same from a commit (None: HEAD, or nothing on an unborn branch) to the index."""
    return parse_raw(git.run(*_DIFF, "--cached", *([base] if base else []), *_PATHS))


def merge_base(git: Git, base: str) -> str | None:
    """The merge base of `base` and the commit that the index will become, with all parents of a merge in progress.

    None on an unborn branch. Raises CannotTell where there is no merge base.
    """
    if git.find_commit(base) is None:
        raise Lacking(unknown_revision(base), base)
    if git.find_commit("HEAD") is None:
        return None
    parents = ["HEAD", *merge_heads(git)]
    done = git.complete("merge-base", safe_revision(base), *parents, ok=(0, 1))
    if done.code:
        raise _no_merge_base(git, base, "HEAD")
    return done.stdout.decode().split()[0]


def merge_heads(git: Git) -> list[str]:
    """The commits that are being merged into HEAD; none where no merge is in progress.

    While git itself merges, and in the hook pre-merge-commit, only its environment names them (GITHEAD_<id>).
    """
    named = [name.removeprefix(_GITHEAD) for name in git.env if name.startswith(_GITHEAD)]
    if named:
        return [commit for commit in named if commit.isalnum() and git.find_commit(commit)]
    folder = Path(os.fsdecode(git.run("rev-parse", "--git-path", "MERGE_HEAD")).removesuffix("\n"))
    try:
        return (git.cwd / folder).read_text("ascii").split()
    except FileNotFoundError:
        return []


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
        return Lacking(unknown_revision(head), head)
    if git.find_commit(base) is None:
        return Lacking(unknown_revision(base), base)
    if git.run("rev-parse", "--is-shallow-repository").strip() == b"true":
        return Lacking(
            f"this clone is shallow and lacks the merge base of {base} and {head}: run `git fetch --unshallow`, or say "
            "--deepen"
        )
    return CannotTell(f"{base} and {head} have no common history: name another base with --base")
