"""Which commit a change is compared with where nobody said: the branch that it will be merged into."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from cluster_stacks.repository.git import Git

DEFAULT_BRANCHES = ("main", "master")
_FORMAT = "%(HEAD)%00%(refname)%00%(symref)%00%(upstream)"
_LOCAL, _REMOTE = "refs/heads/", "refs/remotes/"


class Base(NamedTuple):
    """Where a change starts, and why there.

    `ref` is what git is asked for, `name` what people call it, where that is something else. The versions at `target`
    (empty: `ref`) say what the new ones must be. With `exact` the change is counted from the commit itself: it was
    replaced; without, from its merge base with the head. `option` is what `bump` must be told to find the same.
    """

    ref: str
    reason: str
    target: str = ""
    name: str = ""
    exact: bool = False
    option: str = ""

    def __str__(self) -> str:
        return f"{self.name or self.ref} ({self.reason})"


class Ref(NamedTuple):
    """A branch of ours or of a remote; `upstream` and `symref` are full names, or empty."""

    current: bool
    name: str
    symref: str
    upstream: str


def find_base(git: Git, head: str = "HEAD") -> Base | None:
    """What a change that ends at `head` is compared with; None where nothing says which that is.

    In this order: what the pipeline that this runs in says (of the commit that it checked out), then the branches of
    this clone, as in `default_base`. Raises CannotTell where a pipeline names a commit that is not here.
    """
    note = ""
    if head == "HEAD" and ("GITHUB_ACTIONS" in git.env or "GITLAB_CI" in git.env):
        from cluster_stacks.repository.pipelines import base_of_pipeline

        said = base_of_pipeline(git)
        if isinstance(said, Base):
            return said
        note = said
    found = default_base(git, head)
    return found._replace(reason=f"{found.reason}; {note}") if found and note else found


def default_base(git: Git, head: str = "HEAD", remote: str = "") -> Base | None:
    """The branch that `head` will be merged into, by its short name; None where nothing says which that is.

    In this order: the upstream branch, where it has another name than the branch itself (a pushed topic branch is no
    target of its own); the default branch of the remote; `main` or `master` of the remote; the same of this clone,
    unless it is the branch that is asked about. In a bare repository, the branch that HEAD names. `remote` is the one
    that counts, where it is known.
    """
    bare = head != "HEAD" and git.top is None
    return choose_base(refs_of(git), head, bare=bare, remote=remote)


def choose_base(refs: Sequence[Ref], head: str, *, bare: bool = False, remote: str = "") -> Base | None:
    """The decision of `default_base`, on data."""
    names = {ref.name for ref in refs}
    own = next((ref for ref in refs if (ref.current if head == "HEAD" else ref.name == _LOCAL + head)), None)
    branch = own.name.removeprefix(_LOCAL) if own else ""
    upstream = own.upstream if own else ""
    if remote and not upstream.startswith(f"{_REMOTE}{remote}/"):
        upstream = ""
    remote = remote or _remote(refs, upstream)
    candidates = [] if upstream.endswith(f"/{branch}") else [(upstream, f"upstream of {branch}")]
    symrefs = [ref.symref for ref in refs if ref.name == f"{_REMOTE}{remote}/HEAD"]
    candidates += [(name, "default branch of the remote") for name in symrefs]
    candidates += [(f"{_REMOTE}{remote}/{name}", f"the remote's {name}") for name in DEFAULT_BRANCHES]
    local = [(_LOCAL + name, f"the branch {name} of this clone") for name in DEFAULT_BRANCHES]
    local += [(ref.name, "the branch that HEAD names") for ref in refs if bare and ref.current]
    candidates += [each for each in local if own is None or each[0] != own.name]
    chosen = next(((name, reason) for name, reason in candidates if name in names), None)
    return Base(chosen[0].removeprefix(_LOCAL).removeprefix(_REMOTE), chosen[1]) if chosen else None


def default_branch(refs: Sequence[Ref], remote: str) -> str:
    """The name of the remote's default branch, as far as this clone knows it; empty where it knows none."""
    found = choose_base([ref for ref in refs if ref.name.startswith(f"{_REMOTE}{remote}/")], "", remote=remote)
    return found.ref.removeprefix(f"{remote}/") if found else ""


def refs_of(git: Git) -> list[Ref]:
    """All branches, of this clone and of its remotes."""
    output = os.fsdecode(git.run("for-each-ref", f"--format={_FORMAT}", "refs/heads", "refs/remotes"))
    rows = (line.split("\0") for line in output.splitlines())
    return [Ref(head == "*", name, symref, upstream) for head, name, symref, upstream in rows]


def _remote(refs: Sequence[Ref], upstream: str) -> str:
    """The remote that counts: that of the upstream branch, else origin, else the first."""
    if upstream.startswith(_REMOTE):
        return upstream.removeprefix(_REMOTE).partition("/")[0]
    remotes = sorted({ref.name.removeprefix(_REMOTE).partition("/")[0] for ref in refs if ref.name.startswith(_REMOTE)})
    return "origin" if "origin" in remotes or not remotes else remotes[0]
