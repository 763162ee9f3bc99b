"""A tree and a commit by plumbing: a temporary index, no checkout, and nothing that a reader of the branch sees."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.git import Git
from cluster_stacks.runtime.process import background

_FILE = "100644"
WriteTree = Callable[[Mapping[str, "str | None"]], str]
"""Makes a tree of changes: path → object id of a blob, None for a path that goes. Raises CannotTell."""
# The index is ours for a moment: settings that share it or watch files must not reach it.
_PLAIN = ("-c", "core.splitIndex=false", "-c", "core.fsmonitor=false", "-c", "index.sparse=false")


def require_identity(git: Git) -> None:
    """Raises CannotTell where git does not know who commits; asked first, so that no work is lost to it."""
    for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if git.complete("var", variable, ok=(0, 128)).code:
            raise CannotTell(
                "git does not know who commits: run `git config user.name …` and `git config user.email …`, "
                "or set GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, GIT_COMMITTER_NAME and GIT_COMMITTER_EMAIL"
            )


def write_tree(git: Git, tip: str | None, changes: Mapping[str, str | None]) -> str:
    """The tree of the commit id `tip` with `changes`: path → object id of a blob, None for a path that goes."""
    with tree_writer(git, tip) as write:
        return write(changes)


@contextlib.contextmanager
def tree_writer(git: Git, tip: str | None) -> Iterator[WriteTree]:
    """`write_tree` for one tip, which git begins to read at once: that takes longest where the branch is large."""
    with tempfile.TemporaryDirectory(prefix="cluster-stacks-") as folder, contextlib.ExitStack() as stack:
        indexed = git.with_env(GIT_INDEX_FILE=str(Path(folder) / "index"))
        words = ["git", *_PLAIN, "read-tree", tip or ""]
        reading = stack.enter_context(background(words, cwd=git.cwd, env=indexed.env)) if tip else None

        def write(changes: Mapping[str, str | None]) -> str:
            if reading is not None and reading.wait():
                indexed.run(*words[1:])  # says what is wrong
            indexed.run(*_PLAIN, "update-index", "-z", "--index-info", stdin=_index_info(changes, tip or ""))
            return indexed.run(*_PLAIN, "write-tree").decode().strip()

        yield write


def commit_tree(git: Git, tree: str, parent: str | None, message: str) -> str:
    """A commit of `tree`, by the identity that git is configured with, and signed where it is told to sign."""
    arguments = ["commit-tree", tree, "-F", "-"]
    if parent is not None:
        arguments += ["-p", parent]
    if signs(git):
        arguments.append("-S")
    try:
        return git.run("-c", "i18n.commitEncoding=UTF-8", *arguments, stdin=message.encode()).decode().strip()
    except CannotTell as error:
        if "-S" not in arguments:
            raise
        advice = "see `git config user.signingKey` and `gpg.format`, or publish without commit.gpgSign"
        raise CannotTell(f"the commit could not be signed: {error}: {advice}") from error


def signs(git: Git) -> bool:
    """Whether commits are to be signed. `git commit-tree` does not look at commit.gpgSign by itself."""
    return git.run("config", "--type=bool", "--default=false", "--get", "commit.gpgSign").strip() == b"true"


def _index_info(changes: Mapping[str, str | None], tip: str) -> bytes:
    # What goes, goes first: a file may stand where a folder was.
    gone = [path for path, oid in changes.items() if oid is None]
    zero = b"0" * len(tip)
    lines = [b"0 %b\t%b\0" % (zero, os.fsencode(path)) for path in sorted(gone)]
    lines += [
        b"%b %b\t%b\0" % (_FILE.encode(), oid.encode(), os.fsencode(path))
        for path, oid in sorted(changes.items())
        if oid is not None
    ]
    return b"".join(lines)
