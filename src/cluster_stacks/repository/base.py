"""Which commit a change is compared with where nobody said: the branch that it will be merged into."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from cluster_stacks.repository.git import Git

DEFAULT_BRANCHES = ("main", "master")
_FORMAT = "%(HEAD)%00%(refname)%00%(symref)%00%(upstream)"
_LOCAL, _REMOTE = "refs/heads/", "refs/remotes/"


class Ref(NamedTuple):
    """A branch of ours or of a remote; `upstream` and `symref` are full names, or empty."""

    current: bool
    name: str
    symref: str
    upstream: str


def default_base(git: Git, head: str = "HEAD") -> str | None:
    """The branch that `head` will be merged into, as a short name; None where nothing says which that is.

    In this order: the upstream branch, where it has another name than the branch itself (a pushed topic branch is no
    target of its own); the default branch of the remote; `main` or `master` of the remote; the same of this clone,
    unless it is the branch that is asked about. In a bare repository, the branch that HEAD names.
    """
    bare = head != "HEAD" and git.top is None
    return choose_base(_refs(git), head, bare=bare)


def choose_base(refs: Sequence[Ref], head: str, *, bare: bool = False) -> str | None:
    """The decision of `default_base`, on data."""
    names = {ref.name for ref in refs}
    own = next((ref for ref in refs if (ref.current if head == "HEAD" else ref.name == _LOCAL + head)), None)
    branch = own.name.removeprefix(_LOCAL) if own else ""
    upstream = own.upstream if own else ""
    candidates = [upstream if upstream in names and not upstream.endswith(f"/{branch}") else ""]
    remote = _remote(refs, upstream)
    candidates += [ref.symref for ref in refs if ref.name == f"{_REMOTE}{remote}/HEAD"]
    candidates += [f"{_REMOTE}{remote}/{name}" for name in DEFAULT_BRANCHES]
    local = [_LOCAL + name for name in DEFAULT_BRANCHES] + [ref.name for ref in refs if bare and ref.current]
    candidates += [name for name in local if own is None or name != own.name]
    chosen = next((name for name in candidates if name in names), None)
    return chosen.removeprefix(_LOCAL).removeprefix(_REMOTE) if chosen else None


def _remote(refs: Sequence[Ref], upstream: str) -> str:
    """The remote that counts: that of the upstream branch, else origin, else the first."""
    if upstream.startswith(_REMOTE):
        return upstream.removeprefix(_REMOTE).partition("/")[0]
    remotes = sorted({ref.name.removeprefix(_REMOTE).partition("/")[0] for ref in refs if ref.name.startswith(_REMOTE)})
    return "origin" if "origin" in remotes or not remotes else remotes[0]


def _refs(git: Git) -> list[Ref]:
    output = os.fsdecode(git.run("for-each-ref", f"--format={_FORMAT}", "refs/heads", "refs/remotes"))
    rows = (line.split("\0") for line in output.splitlines())
    return [Ref(head == "*", name, symref, upstream) for head, name, symref, upstream in rows]
