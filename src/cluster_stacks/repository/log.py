"""The history of providers/, oldest first, from one pass of `git log`: each commit with what it changed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple, Self

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import PROVIDERS
from cluster_stacks.repository.changes import RawChange
from cluster_stacks.repository.git import Git, safe_revision, unknown_revision
from cluster_stacks.runtime.process import start

_DIFF = (
    "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff", "--ignore-submodules=dirty",
    "--root", "--diff-merges=first-parent", "-O/dev/null",
)
# Without simplification: one that drops a commit also drops merges that differ from their first parent alone.
_WALK = ("--reverse", "--full-history", "--sparse")
_PLAIN = ("--no-show-signature", "--no-color", "--no-notes", "--encoding=UTF-8", "--no-mailmap")
_FORMAT = "%x00%H%x00%P%x00%ct%x00%s%x00"
_NOTHING = "000000"
_COLON = ord(":")
_STEP = 2**16


class Commit(NamedTuple):
    """One commit and what it changed below providers/ against its first parent (none: against nothing).

    `time` is the committer's, in seconds since 1970 as Git prints it; empty where the commit has none that can be read.
    """

    oid: str
    parents: tuple[str, ...]
    time: str
    subject: str
    changes: tuple[RawChange, ...] = ()

    @property
    def short(self) -> str:
        return self.oid[:10]

    @property
    def date(self) -> str:
        """`2026-01-02`, in UTC; `-` for a time that no calendar has."""
        from datetime import UTC, datetime

        try:
            return datetime.fromtimestamp(int(self.time), UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            return "-"


class Span(NamedTuple):
    """Which commits: those of `heads` and not of `since`, by full id; all that any ref reaches with `all_refs`."""

    heads: tuple[str, ...] = ()
    since: str | None = None
    all_refs: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The span as git's arguments."""
        # A line of first parents has but one order.
        heads = ("--topo-order", "--all") if self.all_refs else ("--first-parent", *self.heads)
        return (*heads, *([f"^{self.since}"] if self.since else []))


def span(git: Git, head: str, since: str | None, *, all_refs: bool = False) -> Span:
    """The commits that are meant. Raises CannotTell where a revision names no commit."""
    names = [head, *([since] if since else [])]
    revisions = [f"{safe_revision(name)}^{{commit}}" for name in names]
    try:
        found = git.batch.read(revisions)
    except CannotTell:
        git.run("rev-parse", "--git-dir")  # says that it is no repository, where that is why
        raise
    for name, item in zip(names, found, strict=True):
        if item is None and not (all_refs and name == "HEAD"):
            git.run("rev-parse", "--git-dir")
            raise CannotTell("there is no commit yet" if name == "HEAD" else unknown_revision(name))
    oids = [item.oid if item else "" for item in found]
    return Span((oids[0],), oids[1] if since else None, all_refs)


class Log:
    """Every commit of a span, parents before children, with the changes in `folders` (none: below providers/).

    Git begins at once, and works while others get ready; what it says is read as it is asked for, once, and nothing is
    kept. Iterating raises CannotTell where the history cannot be read to its end: cut off by a shallow clone, or with
    an object missing.
    """

    def __init__(self, git: Git, span: Span, folders: Sequence[str] = ()) -> None:
        self._git, self._span = git, span
        self._paths = [f":(top,literal){folder}" for folder in folders or (PROVIDERS,)]
        words = ("log", *_PLAIN, *_WALK, *_DIFF, f"--format={_FORMAT}", *span.words, "--", *self._paths)
        self._process = start(["git", *words], cwd=git.cwd, env=git.env)

    def __iter__(self) -> Iterator[Commit]:
        assert self._process.stdout
        last = ""
        for commit in _commits(_fields(self._process.stdout)):
            if not commit.parents:
                _refuse_shallow(self._git, commit)
            yield commit
            last = commit.oid
        if self._process.wait():
            raise _unreadable(self._git, self._span, last, self._paths)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        with self._process:
            pass


def children(git: Git, span: Span) -> Counter[str]:
    """How many commits of a span have each commit as their first parent."""
    done = git.complete("rev-list", "--parents", *span.words, ok=(0, 128))
    if done.code:
        raise _unreadable(git, span, "", ())
    return Counter(line.split(" ", 2)[1] for line in done.stdout.decode("ascii").splitlines() if " " in line)


def _fields(stream: IO[bytes]) -> Iterator[bytes]:
    """What stands between the NULs."""
    rest = b""
    while chunk := stream.read(_STEP):
        *fields, rest = (rest + chunk).split(b"\0")
        yield from fields


def _commits(fields: Iterator[bytes]) -> Iterator[Commit]:
    """Cut at NULs a commit is: id, parents, time, subject, and for each path its header and its name.

    A truncated last one is left out: git's exit code tells of it.
    """
    oid = ""
    parents: tuple[str, ...] = ()
    time = subject = ""
    changes: list[RawChange] = []
    try:
        for field in fields:
            if not field:
                continue
            if field[0] == _COLON or field.startswith(b"\n:"):
                changes.append(_change(field, os.fsdecode(next(fields))))
                continue
            if oid:
                yield Commit(oid, parents, time, subject, tuple(changes))
                changes = []
            oid, parents = field.decode("ascii"), tuple(next(fields).decode("ascii").split())
            time, subject = next(fields).decode("ascii", "replace"), os.fsdecode(next(fields))
    except StopIteration:
        return
    if oid:
        yield Commit(oid, parents, time, subject, tuple(changes))


def _change(header: bytes, path: str) -> RawChange:
    old_mode, new_mode, old_oid, new_oid, _ = header[header[0] != _COLON :].decode("ascii").split(" ")
    old_mode = old_mode[1:]
    return RawChange(
        path,
        None if old_mode == _NOTHING else Entry(path, old_mode, old_oid),
        None if new_mode == _NOTHING else Entry(path, new_mode, new_oid),
    )


def _refuse_shallow(git: Git, commit: Commit) -> None:
    """Raises CannotTell where a commit without parents has some that this clone does not have."""
    where = os.fsdecode(git.run("rev-parse", "--git-path", "shallow")).removesuffix("\n")
    try:
        boundary = (git.cwd / where).read_text("ascii").split()
    except FileNotFoundError:
        return
    if commit.oid in boundary:
        raise CannotTell(
            f"this clone is shallow and ends at commit {commit.short}: run `git fetch --unshallow`, or name a later "
            "commit with --since"
        )


def _unreadable(git: Git, span: Span, last: str, paths: Sequence[str]) -> CannotTell:
    """Which commit git could not read, told by asking for them one after the other."""
    listed = git.complete("rev-list", "--reverse", *span.words, ok=(0, 128))
    oids = listed.stdout.split()
    shown = git.complete(
        "diff-tree", "--stdin", "--always", "-r", "-m", "--first-parent", "--root", "--raw", "-z", "--no-renames",
        "--", *paths, stdin=b"\n".join([*oids, b""]), ok=(0, 128, -6),
    )
    seen = {field.strip() for field in shown.stdout.split(b"\0")}
    known = [oid for oid in oids if oid in seen]
    position = oids.index(known[-1]) + 1 if known else 0
    commit = oids[position].decode()[:10] if position < len(oids) else last[:10]
    where = f"at commit {commit}" if commit else "at its first commit"
    said = (shown.stderr or listed.stderr).decode("utf-8", "replace").strip().splitlines()
    reason = f" ({said[-1].removeprefix('fatal: ')})" if said else ""
    return CannotTell(
        f"the history cannot be read {where}{reason}: an object is missing; in a partial clone run "
        "`git fetch --refetch --filter=blob:none`, else `git fsck`"
    )
