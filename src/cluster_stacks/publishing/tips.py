"""Where a rendered branch stands, here and at its remote, and how it is moved: by comparing first, never by force."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository import remote as remotes
from cluster_stacks.repository.git import Git

_HEADS = "refs/heads/"
_REMOTES = "refs/remotes/"
_LOCK_WAIT = "core.filesRefLockTimeout=5000"
"""Milliseconds that git waits for another process of this clone, which holds a ref for a moment."""

NOTES = "refs/notes/hydrator.metadata"
"""Where promotion tools for Argo CD look for the drySha of a commit that a newer source commit did not change."""


@dataclass(frozen=True, slots=True)
class Target:
    """The branch to publish to. `remote` is None where only this clone counts; `push` moves the remote's branch too.

    `base` is the branch that this one is a proposal for: a proposal that does not contain it begins again from it.
    """

    branch: str
    remote: str | None = None
    push: bool = False
    base: str = ""

    @property
    def ref(self) -> str:
        return _HEADS + self.branch


@dataclass(frozen=True, slots=True)
class Tip:
    """The commit to build on (None: the branch is new), and where the branch stands in this clone and at the remote.

    `notes` is the commit of the notes for promotion tools: the remote's where one is named, else this clone's.
    """

    commit: str | None
    local: str | None
    remote: str | None
    notes: str | None = None


def require_target(git: Git, target: Target, head: str) -> None:
    """Raises CannotTell where `target` is no branch name, is the branch that the sources are on, or is checked out."""
    bad = target.branch.startswith("-") or target.branch == "HEAD"
    if bad or git.complete("check-ref-format", target.ref, ok=(0, 1)).code:
        raise CannotTell(f"{target.branch!r} is no name for a branch: choose another with --branch")
    named = git.complete("rev-parse", "--symbolic-full-name", "--end-of-options", head, ok=(0, 128)).stdout
    source = os.fsdecode(named).split("\n")
    if target.ref in source or not _remote_refs(git, target.branch, source).isdisjoint(source):
        raise CannotTell(f"{target.branch} is the branch of the sources: name another for what is rendered (--branch)")
    if not target.push and _checked_out(git, target.ref):
        raise CannotTell(f"{target.branch} is checked out, and its files would no longer match it: switch to another")


def find_tip(git: Git, target: Target) -> Tip:
    """Asks the remote, if one is named, and tells what to build on: the furthest that is known.

    A proposal is built on the branch that it is for, unless it contains that already.
    """
    tip = _find(git, target)
    if not target.base:
        return tip
    base = _find(git, replace(target, branch=target.base, base="")).commit
    return tip if base is None or _is_behind(git, base, tip.commit) else replace(tip, commit=base)


def _find(git: Git, target: Target) -> Tip:
    """Where one branch stands.

    A remote whose branch somebody set back to an earlier commit is right, and what came after is not pushed again.
    Without a remote, a branch that was fetched before counts where this clone's own is behind it. Where both went
    their own ways, the remote's is what others read, so that one counts.
    """
    local = git.find_commit(target.ref)
    if target.remote is None:
        known = _tracked(git, target.branch)
        return Tip(known if _is_behind(git, local, known) else local, local, None, git.find_commit(NOTES))
    found = remotes.fetch(git, target.remote, target.ref, NOTES)
    there, notes = found.get(target.ref), found.get(NOTES)
    if _is_behind(git, there, local) and not _was_set_back(git, target, local, there):
        return Tip(local, local, there, notes)
    if not target.push and local is not None and not _is_behind(git, local, there):
        raise CannotTell(
            f"{target.branch} in this clone and at {target.remote} went different ways: publish with --push, which "
            f"builds on the remote's, or remove the branch here (`git branch -D {target.branch}`)"
        )
    return Tip(there, local, there, notes)


def _was_set_back(git: Git, target: Target, local: str | None, there: str | None) -> bool:
    """Whether the remote had what this clone has, by what was last pushed or fetched, and has less now."""
    if there is None or local is None or there == local:
        return False
    known = git.find_commit(f"{_REMOTES}{target.remote}/{target.branch}")
    return known is not None and _is_behind(git, local, known)


def move(git: Git, target: Target, tip: Tip, commit: str) -> bool:
    """Moves the branch to `commit`. False where somebody else moved it first: nothing was changed, begin again.

    The remote goes first, because that is what others read; one that refuses leaves this clone as it was.
    """
    if target.push and target.remote is not None:
        if not remotes.push_with_lease(git, target.remote, commit, target.ref, tip.remote):
            return False
        follow(git, target, tip.local, commit)
        return True
    zero = "0" * len(commit)
    done = git.complete(
        "-c", _LOCK_WAIT, "update-ref", "-m", "publish", target.ref, commit, tip.local or zero, ok=(0, 1, 128)
    )
    if done.code and git.find_commit(target.ref) == tip.local:
        said = done.stderr.decode("utf-8", "replace")
        advice = ": if no git runs here, a process that was killed left it: remove that file" if ".lock" in said else ""
        raise CannotTell(f"cannot move {target.branch}: {said.partition(chr(10))[0].removeprefix('fatal: ')}{advice}")
    return not done.code


def follow(git: Git, target: Target, local: str | None, commit: str) -> bool:
    """After a push: this clone's branch follows, where it can without losing anything and is not checked out.

    A proposal that began again is followed too: what it held is in what it holds now.
    """
    if local == commit:
        return True
    if not (target.base or _is_behind(git, local, commit)) or _checked_out(git, target.ref):
        return False
    done = git.complete("update-ref", "-m", "publish", target.ref, commit, local or "0" * len(commit), ok=(0, 1, 128))
    return not done.code


def is_ancestor(git: Git, old: str, new: str) -> bool | None:
    """Whether `new` has `old` in its history, itself included; None where this clone does not have both."""
    code = git.complete("merge-base", "--is-ancestor", old, new, ok=(0, 1, 128)).code
    return None if code == 128 else code == 0


def _is_behind(git: Git, old: str | None, new: str | None) -> bool:
    """Whether going from `old` to `new` loses nothing."""
    return new is not None and (old is None or old == new or is_ancestor(git, old, new) is True)


def _tracked(git: Git, branch: str) -> str | None:
    """The branch as it was last fetched, where exactly one remote has it."""
    refs = dict(
        line.rsplit(" ", 1) for line in git.lines("for-each-ref", "--format=%(refname) %(objectname)", "refs/remotes")
    )
    found = [refs[name] for name in _remote_refs(git, branch, refs) if name in refs]
    return found[0] if len(found) == 1 else None


def _remote_refs(git: Git, branch: str, known: Iterable[str]) -> set[str]:
    """Where fetches keep the branch of each remote. The names of remotes and of branches may hold slashes."""
    if not any(name.startswith(_REMOTES) and name.endswith(f"/{branch}") for name in known):
        return set()
    return {f"{_REMOTES}{remote}/{branch}" for remote in git.lines("remote")}


def _checked_out(git: Git, ref: str) -> bool:
    return bool(os.fsdecode(git.run("for-each-ref", "--format=%(worktreepath)", ref)).strip())
