"""The only user of the network: reads and moves branches of a remote, by git's own commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.credentials import Url, hiding_environment, remote_timeout, strip_credentials
from cluster_stacks.repository.environment import with_network
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.remote_words import advice, is_busy, said_by
from cluster_stacks.runtime.process import Completed, ProcessFailed, run

__all__ = [
    "Busy", "deepen", "default_remote", "delete_with_lease", "fetch", "fetch_branch", "fetch_commit", "push_with_lease",
    "remote_url", "strip_credentials",
]

_TRIES = 5
"""A remote's branch may move between being listed and being fetched."""
# A server that sends nothing for a minute is gone; git knows that for http, and ssh has its own settings.
_PATIENCE = {"GIT_HTTP_LOW_SPEED_LIMIT": "1", "GIT_HTTP_LOW_SPEED_TIME": "60"}
_HIDDEN: WeakKeyDictionary[Git, dict[str, dict[str, str]]] = WeakKeyDictionary()
"""What keeps the credentials of a remote out of arguments, asked once for each remote of a repository."""


class Busy(CannotTell):
    """Somebody else is moving the branch at this very moment: nothing was changed, begin again."""


def default_remote(git: Git) -> str:
    """`origin`, or the only remote there is. Raises CannotTell where none or several others are."""
    names = git.lines("remote")
    if "origin" in names:
        return "origin"
    if len(names) != 1:
        known = f"the remotes are {', '.join(sorted(names))}" if names else "there is none: `git remote add origin URL`"
        raise CannotTell(f"which remote? Name one with --remote; {known}")
    return names[0]


def remote_url(git: Git, remote: str) -> str:
    """The URL that `remote` is read from, without credentials. Raises CannotTell where there is no such remote."""
    _require_remote(git, remote)
    return strip_credentials(git.lines("remote", "get-url", "--", remote)[0])


def fetch(git: Git, remote: str, *refs: str) -> dict[str, str]:
    """The commits of the refs (`refs/heads/rendered`) that a remote has, which this clone has then too.

    Moves no ref of this clone. Raises CannotTell where the remote cannot be read.
    """
    with _explained(remote):
        for _ in range(_TRIES):
            listed = _listed(git, remote, *refs)
            new = [ref for ref, oid in listed.items() if not _is_held(git, oid)]
            if not new:
                return listed
            # A shallow clone gets the tip alone: nothing here needs the history of the branch.
            shallow = ["--depth=1"] if _is_shallow(git) else []
            _ask(
                git, remote, "fetch", "--no-tags", "--no-recurse-submodules", "--quiet", "--no-write-fetch-head",
                "--refmap=", *shallow, "--", remote, *new,
            )
            if all(git.find_commit(oid) for oid in listed.values()):
                return listed
    raise Busy(f"{', '.join(refs)} of {remote} moved while it was fetched: publish again")


def fetch_commit(git: Git, remote: str, commit: str) -> bool:
    """Whether the remote gave this commit, with its history. Not every server gives one by its id."""
    try:
        _ask(git, remote, "fetch", "--no-tags", "--no-recurse-submodules", "--quiet", "--refmap=",
             "--no-write-fetch-head", "--", remote, commit)
    except ProcessFailed:
        return False
    return True


def fetch_branch(git: Git, remote: str, branch: str) -> bool:
    """Whether the remote has this branch, which this clone then knows too (`origin/main`).

    A shallow clone gets its tip alone. Raises CannotTell where the remote cannot be read.
    """
    ref = f"refs/heads/{branch}"
    with _explained(remote):
        if ref not in _listed(git, remote, ref):
            return False
        shallow = ["--depth=1"] if _is_shallow(git) else []
        refspec = f"+{ref}:refs/remotes/{remote}/{branch}"
        _ask(git, remote, "fetch", "--no-tags", "--no-recurse-submodules", "--quiet", *shallow, "--", remote, refspec)
    return True


def deepen(git: Git, remote: str, by: int, *wanted: str) -> bool:
    """Gives a shallow clone so many more commits of the history; False where it is shallow no longer.

    `wanted` are commits to follow besides the remote's branches; a server that does not give them is asked without.
    Raises CannotTell where the remote cannot be read.
    """
    options = ("fetch", "--no-tags", "--no-recurse-submodules", "--quiet", f"--deepen={by}", "--", remote)
    branches = f"+refs/heads/*:refs/remotes/{remote}/*"
    try:
        _ask(git, remote, *options, branches, *wanted)
    except ProcessFailed:
        with _explained(remote):
            _ask(git, remote, *options, branches)
    return _is_shallow(git)


def push_with_lease(git: Git, remote: str, commit: str, ref: str, expected: str | None) -> bool:
    """Moves `ref` of the remote to `commit`, if it still is at `expected` (None: if it does not exist yet).

    False where somebody else moved it: nothing was changed. Raises Busy where somebody else is about to, CannotTell
    where the remote refuses or fails.
    """
    return _push(git, remote, f"{commit}:{ref}", ref, expected, commit)


def delete_with_lease(git: Git, remote: str, ref: str, expected: str) -> bool:
    """Removes `ref` of the remote, if it still is at `expected`. As `push_with_lease` otherwise."""
    return _push(git, remote, f":{ref}", ref, expected, None)


def _push(git: Git, remote: str, refspec: str, ref: str, expected: str | None, wanted: str | None) -> bool:
    lease = f"--force-with-lease={ref}:{expected or ''}"
    try:
        _ask(git, remote, "push", "--no-recurse-submodules", "--no-follow-tags", lease, "--", remote, refspec)
    except ProcessFailed as error:
        # Not the text of the error but the state of the remote says whether the lease was lost, or all went well
        # and only the answer did not arrive.
        said = said_by(error)
        with _explained(remote, f"after a push that failed ({said})"):
            found = _listed(git, remote, ref).get(ref)
        if found == wanted:
            return True
        if found != expected:
            return False
        refusal = Busy if is_busy(said) else CannotTell
        raise refusal(f"{remote} did not take {ref}: {said}{advice(said)}") from error
    return True


def _ask(git: Git, remote: str, *args: str) -> Completed:
    """One git command that talks to a remote. Raises ProcessFailed, and CannotTell where there is no such remote."""
    hidden = _HIDDEN.setdefault(git, {})
    if remote not in hidden:
        hidden[remote] = _hidden(git, remote)
    environment = {**_PATIENCE, **with_network(git.env), **hidden[remote]}
    # A person can press Ctrl-C, and may be asked by ssh; a process of its own session could not be asked.
    timeout = None if sys.stdin is not None and sys.stdin.isatty() else remote_timeout(git.env)
    return run(["git", *args], cwd=git.cwd, env=environment, timeout=timeout)


def _listed(git: Git, remote: str, *refs: str) -> dict[str, str]:
    """The objects that refs of the remote name now, without those that it does not have."""
    text = os.fsdecode(_ask(git, remote, "ls-remote", "--refs", "--", remote, *refs).stdout)
    lines = (line.partition("\t") for line in text.splitlines())
    return {name: oid for oid, _, name in lines if name in refs}


def _is_held(git: Git, oid: str) -> bool:
    """Whether a ref of this clone names the object, so that all it needs is here too."""
    return bool(git.complete("for-each-ref", "--count=1", f"--points-at={oid}", ok=(0, 128, 129)).stdout)


def _is_shallow(git: Git) -> bool:
    return git.run("rev-parse", "--is-shallow-repository").strip() == b"true"


@contextmanager
def _explained(remote: str, when: str = "") -> Iterator[None]:
    try:
        yield
    except ProcessFailed as error:
        said = said_by(error)
        place = f"{remote} {when}" if when else remote
        raise CannotTell(f"cannot read the remote {place}: {said}{advice(said)}") from error


def _require_remote(git: Git, name: str) -> None:
    names = git.lines("remote")
    if name not in names:
        known = ", ".join(sorted(names)) or "none"
        raise CannotTell(f"there is no remote {strip_credentials(name)} (there is: {known}): `git remote add NAME URL`")


def _hidden(git: Git, remote: str) -> dict[str, str]:
    """What keeps the credentials of a remote out of arguments; mostly there are none, which one question tells."""
    written = os.fsdecode(git.run("config", "-z", "--get-regexp", r"^(remote|url)\.", ok=(0, 1)))
    if f"remote.{remote}.url\n" not in f"\0{written}":
        _require_remote(git, remote)
    return hiding_environment(_urls(git, remote), git.env) if strip_credentials(written) != written else {}


def _urls(git: Git, remote: str) -> list[Url]:
    """The URLs of a remote, as the configuration has them and as git rewrites them."""
    found: list[Url] = []
    for key, push in (("url", False), ("pushurl", True)):
        written = git.lines("config", "--get-all", f"remote.{remote}.{key}", ok=(0, 1))
        used = git.lines("remote", "get-url", *(["--push"] if push else []), "--all", "--", remote)
        explicit = bool(written)
        written = written or [url.written for url in found]
        found += [Url(*pair, push, explicit) for pair in zip(written, used, strict=False)]
    return found
