"""All questions to git go through here: one repository, its environment, plain processes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.batch import LACKING, Batch
from cluster_stacks.repository.environment import git_environment
from cluster_stacks.runtime.process import Completed, ProcessFailed, run, start


class Lacking(CannotTell):
    """This clone does not have what was asked for, which its remote may: a branch, a commit, or more of the history.

    `wanted` is the revision; empty where the clone is shallow and ends too early.
    """

    def __init__(self, message: str, wanted: str = "") -> None:
        super().__init__(message)
        self.wanted = wanted


class Git:
    """A repository, by a folder in it and the environment to ask it with. Making one starts no process."""

    def __init__(self, cwd: Path, env: Mapping[str, str]) -> None:
        self.cwd = cwd
        self.env = env

    @classmethod
    def discover(cls, path: Path | str = ".", environ: Mapping[str, str] | None = None) -> Git:
        """The repository that `path` stands in. Raises CannotTell where there is no such folder.

        That it is a repository at all shows when it is first asked.
        """
        folder, here = Path(path), Path.cwd()
        if not folder.is_dir():
            raise CannotTell(f"{folder} is no folder: --repo names the folder of a Git repository")
        return cls(*git_environment(os.environ if environ is None else environ, here, folder))

    def with_env(self, **variables: str) -> Git:
        """The same repository with further variables, such as GIT_INDEX_FILE."""
        return Git(self.cwd, {**self.env, **variables})

    def run(self, *args: str, stdin: bytes = b"", ok: Collection[int] = (0,)) -> bytes:
        """The output of one git command. Raises CannotTell with git's own words where it fails."""
        return self.complete(*args, stdin=stdin, ok=ok).stdout

    def complete(self, *args: str, stdin: bytes = b"", ok: Collection[int] = (0,)) -> Completed:
        """As `run`, with the exit code and stderr."""
        try:
            return run(["git", *args], cwd=self.cwd, env=self.env, stdin=stdin, ok=ok)
        except ProcessFailed as error:
            raise CannotTell(_words(error)) from error

    def lines(self, *args: str, ok: Collection[int] = (0,)) -> list[str]:
        """The output of one git command in lines. Undecodable bytes become surrogate escapes."""
        return os.fsdecode(self.run(*args, ok=ok)).splitlines()

    @cached_property
    def batch(self) -> Batch:
        """The reader of objects, one process for as long as this lives."""
        return Batch(self._start_batch)

    def close(self) -> None:
        """Ends what runs in the background."""
        if "batch" in self.__dict__:
            self.batch.close()

    @cached_property
    def top(self) -> Path | None:
        """The root of the work tree; None in a bare repository."""
        done = self.complete("rev-parse", "--show-toplevel", ok=(0, 128))
        if done.code:
            self.run("rev-parse", "--git-dir")
            return None
        return Path(os.fsdecode(done.stdout).removesuffix("\n"))

    def commit(self, revision: str) -> str:
        """The full object id of a commit. Raises CannotTell where `revision` names none."""
        found = self.find_commit(revision)
        if found is None:
            raise Lacking(unknown_revision(revision), revision)
        return found

    def find_commit(self, revision: str) -> str | None:
        """The full object id of a commit; None where `revision` names none."""
        done = self.complete(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{safe_revision(revision)}^{{commit}}",
            ok=(0, 1, 128),
        )
        if done.code == 128:
            self.run("rev-parse", "--git-dir")
        return done.stdout.decode().strip() or None

    def _start_batch(self) -> subprocess.Popen[bytes]:
        return start(["git", "cat-file", "--batch"], cwd=self.cwd, env=self.env)


def safe_revision(revision: str) -> str:
    """`revision`, where git cannot take it for an option or for several. Raises CannotTell."""
    if not revision or revision.startswith("-") or any(c.isspace() or c in ":\0" for c in revision) or ".." in revision:
        raise CannotTell(f"{revision!r} names no commit: write a branch, a tag or a commit id")
    return revision


def unknown_revision(revision: str) -> str:
    """What to say of a revision that this repository does not have."""
    if revision and not revision.strip("0"):
        return "the base is the zero id, which git gives for a branch that is new: name the commit that it started from"
    if not revision.isprintable() or any(character in "~^@{" for character in revision):
        return f"unknown revision {revision!r}: name another, or run `git fetch --unshallow` where the clone is shallow"
    remote, slash, branch = revision.partition("/")
    command = f"git fetch {remote} {branch}" if slash else f"git fetch origin {revision}"
    return f"unknown revision {revision}: fetch it (`{command}`), or name another"


def _words(error: ProcessFailed) -> str:
    """git's own first line that says what is wrong, without its prefix."""
    lines = [line for line in error.stderr.splitlines() if line.startswith(("fatal: ", "error: "))]
    said = next(iter(lines), error.stderr.splitlines()[0] if error.stderr else f"ended with {error.code}")
    said = said.removeprefix("fatal: ").removeprefix("error: ")
    if said.startswith("not a git repository"):
        return "this is no Git repository: stand in one, or name it with --repo"
    if "dubious ownership" in said:
        return f"git refuses this repository: {said}: see `git config safe.directory`"
    if "promisor remote" in error.stderr:
        return f"an object is not in this repository: {LACKING}"
    return f"git {_verb(error.argv)}: {said}"


def _verb(argv: Sequence[str]) -> str:
    """The command of git in a command line, behind the options of git itself and what those take."""
    words = iter(argv[1:])
    for word in words:
        if word in ("-c", "-C"):
            next(words, None)
        elif not word.startswith("-"):
            return word
    return " ".join(argv[1:])
