"""The only user of the network, and of GitPython: reads and moves branches of a remote."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.git import Git

if TYPE_CHECKING:
    from git import Remote, Repo

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


def default_remote(git: Git) -> str:
    """`origin`, or the only remote there is. Raises CannotTell where none or several others are."""
    with _opened(git) as repo:
        names = [remote.name for remote in repo.remotes]
    if "origin" in names:
        return "origin"
    if len(names) != 1:
        known = f"the remotes are {', '.join(sorted(names))}" if names else "there is none: `git remote add origin URL`"
        raise CannotTell(f"which remote? Name one with --remote; {known}")
    return names[0]


def remote_url(git: Git, remote: str) -> str:
    """The URL that `remote` is read from, without credentials. Raises CannotTell where there is no such remote."""
    with _opened(git) as repo:
        return strip_credentials(next(iter(_remote(repo, remote).urls)))


def strip_credentials(text: str) -> str:
    """`text` without user names, passwords and tokens in its URLs."""
    return _CREDENTIALS.sub("", text)


def fetch(git: Git, remote: str, ref: str, into: str) -> str | None:
    """Fetches one ref of a remote (`refs/heads/rendered`) into the local ref `into`, and gives its commit.

    None where the remote does not have it; `into` is then left alone. Raises CannotTell where the remote cannot be
    read.
    """
    with _opened(git) as repo, _explained(remote, "read"):
        _remote(repo, remote)
        commit = _listed(repo, remote, ref)
        if commit is None:
            return None
        # A shallow clone gets the tip alone: nothing here needs the history of the branch.
        shallow = ["--depth=1"] if _is_shallow(repo) else []
        repo.git.fetch(
            "--no-tags", "--no-recurse-submodules", "--quiet", *shallow, "--", remote, f"+{ref}:{into}"
        )
        return str(repo.git.rev_parse("--verify", f"{into}^{{commit}}"))


def fetch_commit(git: Git, remote: str, commit: str) -> bool:
    """Whether the remote gave this commit, with its history. Not every server gives one by its id."""
    from git.exc import GitCommandError

    with _opened(git) as repo:
        _remote(repo, remote)
        try:
            repo.git.fetch("--no-tags", "--no-recurse-submodules", "--quiet", "--", remote, commit)
        except GitCommandError:
            return False
        return True


def push_with_lease(git: Git, remote: str, commit: str, ref: str, expected: str | None) -> bool:
    """Moves `ref` of the remote to `commit`, if it still is at `expected` (None: if it does not exist yet).

    False where somebody else moved it: nothing was changed. Raises CannotTell where the remote refuses or fails.
    """
    from git.exc import GitCommandError

    with _opened(git) as repo:
        _remote(repo, remote)
        lease = f"--force-with-lease={ref}:{expected or ''}"
        try:
            repo.git.push("--porcelain", "--no-recurse-submodules", lease, "--", remote, f"{commit}:{ref}")
        except GitCommandError as error:
            # Not the text of the error but the state of the remote says whether the lease was lost, or all went well
            # and only the answer did not arrive.
            with _explained(remote, "read"):
                found = _listed(repo, remote, ref)
            if found not in (expected, commit):
                return False
            if found != commit:
                raise CannotTell(f"{remote} did not take {ref}: {_said(error)}") from error
        return True


@contextmanager
def _opened(git: Git) -> Iterator[Repo]:
    from git import Repo

    folder = os.fsdecode(git.run("rev-parse", "--absolute-git-dir")).removesuffix("\n")
    with closing(Repo(folder)) as repo:
        # A missing password is an error; nobody may be there to type it.
        repo.git.update_environment(GIT_TERMINAL_PROMPT="0", LC_ALL="C")
        yield repo


@contextmanager
def _explained(remote: str, what: str) -> Iterator[None]:
    from git.exc import GitCommandError

    try:
        yield
    except GitCommandError as error:
        raise CannotTell(f"cannot {what} the remote {remote}: {_said(error)}") from error


def _remote(repo: Repo, name: str) -> Remote:
    remotes = {remote.name: remote for remote in repo.remotes}
    if name not in remotes:
        known = ", ".join(sorted(remotes)) or "none"
        raise CannotTell(f"there is no remote {strip_credentials(name)} (there is: {known}): `git remote add NAME URL`")
    return remotes[name]


def _listed(repo: Repo, remote: str, ref: str) -> str | None:
    """The object that a ref of the remote names now; None where there is none."""
    lines = str(repo.git.ls_remote("--refs", "--", remote, ref)).splitlines()
    return next((oid for oid, _, name in (line.partition("\t") for line in lines) if name == ref), None)


def _is_shallow(repo: Repo) -> bool:
    return str(repo.git.rev_parse("--is-shallow-repository")) == "true"


def _said(error: Exception) -> str:
    """What git or the remote said, in one line and without secrets."""
    text = str(getattr(error, "stderr", "") or error)
    stdout = str(getattr(error, "stdout", ""))
    lines = [line.strip() for line in (*stdout.splitlines(), *text.splitlines())]
    lines = [line.removeprefix("stderr:").strip(" '") for line in lines]
    telling = [line for line in lines if re.match(r"(!|fatal:|error:|remote:|ERROR:)", line)]
    said = "; ".join(dict.fromkeys(telling)) or "; ".join(filter(None, lines))
    return strip_credentials(re.sub(r"\s+", " ", said)).removeprefix("fatal: ")[:500]
