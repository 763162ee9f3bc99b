"""What a push changes: from the lines that git gives to pre-push and pre-receive, and pre-commit's variables for it.

A push to the default branch (or to one that `clusterstacks.branch` names) is judged from the old tip to the new one,
whatever it replaces; a push to any other branch against the branch that it will be merged into, however often it was
pushed before. A deletion ships nothing, nor does a tag: versions live on branches.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.comparing import Question
from cluster_stacks.repository.base import Base, default_base, default_branch, refs_of
from cluster_stacks.repository.comparison import NAMED, Comparison, compare_commits
from cluster_stacks.repository.git import Git, Lacking
from cluster_stacks.repository.snapshot import CommitSnapshot

_HEADS, _REVIEWS = "refs/heads/", "refs/for/"
_MODES = ("default", "all")


class Pushed(NamedTuple):
    """One ref that is pushed, from `local`: `old` is empty where it is new, `new` where it is deleted."""

    ref: str
    old: str
    new: str
    local: str = ""


class Rules(NamedTuple):
    """Which branches are judged how. `others` says whether those are that are not the default, nor in `branches`.

    `remote` is the name that its branches have before theirs; empty on the server itself.
    """

    default: str
    branches: frozenset[str]
    others: bool = True
    remote: str = ""

    def option(self, branch: str) -> str:
        """What `bump` must be told in a clone to find the same base."""
        return "" if branch == self.default else f"--base {self.remote or 'origin'}/{branch}"


def pushed_by_client(data: bytes) -> list[Pushed]:
    """The lines that pre-push reads: local ref, local id, remote ref, remote id. Raises CannotTell."""
    return [Pushed(ref, _id(old), _id(new), local) for local, new, ref, old in _rows(data, 4)]


def pushed_to_server(data: bytes) -> list[Pushed]:
    """The lines that pre-receive reads: old id, new id, ref. Raises CannotTell."""
    return [Pushed(ref, _id(old), _id(new)) for old, new, ref in _rows(data, 3)]


def client_rules(git: Git, remote: str) -> Rules:
    """Of a clone that pushes to `remote`, a name or a URL."""
    refs = refs_of(git)
    known = any(ref.name.startswith(f"refs/remotes/{remote}/") for ref in refs)
    return Rules(
        default_branch(refs, remote) if known else "", frozenset(_config(git, "branch")), remote=remote if known else ""
    )


def server_rules(git: Git) -> Rules | None:
    """Of a repository that is pushed to; None where it was not asked to judge. Raises CannotTell."""
    mode = next(iter(_config(git, "receive")[-1:]), "")
    if not mode:
        return None
    if mode not in _MODES:
        raise CannotTell(f"clusterstacks.receive is {mode!r}: `git config clusterstacks.receive {'|'.join(_MODES)}`")
    head = os.fsdecode(git.run("symbolic-ref", "HEAD")).strip()
    return Rules(head.removeprefix(_HEADS), frozenset(_config(git, "branch")), mode == "all")


def compare_push(git: Git, pushed: Pushed, rules: Rules) -> Comparison | str:
    """What one ref of a push changes; a text where it changes nothing that counts, which says why.

    Without a base, as for the first push of all, the comparison has no changes and its base no `ref`: what is pushed
    can be judged as it stands. Raises CannotTell where a commit is not here.
    """
    branch = next((pushed.ref.removeprefix(p) for p in (_HEADS, _REVIEWS) if pushed.ref.startswith(p)), "")
    if not pushed.new or not branch:
        return "is deleted" if not pushed.new else "is no branch"
    if pushed.ref.startswith(_REVIEWS):
        name = f"{rules.remote}/{branch}" if rules.remote else branch
        return compare_commits(git, Base(name, "the branch that this is a review for"), pushed.new)
    if branch in {rules.default, *rules.branches}:
        return _replaced(git, pushed, branch, rules) if pushed.old else _first(git, pushed, branch)
    if not rules.others:
        return "is judged when it is merged"
    base = _server_base(git, rules) if not pushed.local else default_base(git, _short(pushed.local))
    if base is None:
        return _first(git, pushed, branch)
    return compare_commits(git, base, pushed.new)


def compare_of_pre_commit(git: Git, question: Question, environ: Mapping[str, str]) -> Comparison:
    """What pre-commit asks about: the commits between its two refs, or what is about to be pushed."""
    source, head, ref = (environ.get(f"PRE_COMMIT_{name}", "") for name in ("FROM_REF", "TO_REF", "REMOTE_BRANCH"))
    if question.base:
        return compare_commits(git, Base(question.base, NAMED), head, question.target)
    if not ref:
        return compare_commits(git, Base(source, "PRE_COMMIT_FROM_REF"), head, question.target)
    rules = client_rules(git, environ.get("PRE_COMMIT_REMOTE_NAME", ""))
    pushed = Pushed(ref, source, head, environ.get("PRE_COMMIT_LOCAL_BRANCH") or "HEAD")
    found = compare_push(git, pushed, rules)
    if isinstance(found, str):
        return Comparison(CommitSnapshot(git, head), head, (), Base(head, f"{ref} {found}"))
    return found._replace(target=question.target or found.target)


def _replaced(git: Git, pushed: Pushed, branch: str, rules: Rules) -> Comparison:
    name = f"{rules.remote}/{branch}" if rules.remote else branch
    if git.find_commit(pushed.old) is None:
        raise Lacking(
            f"{name} is at {pushed.old}, which is not here: run `git fetch {rules.remote or 'origin'} {branch}`",
            pushed.old,
        )
    base = Base(pushed.old, "before the push", name=name, exact=True, option=rules.option(branch))
    return compare_commits(git, base, pushed.new)


def _server_base(git: Git, rules: Rules) -> Base | None:
    known = git.find_commit(_HEADS + rules.default) is not None
    return Base(_HEADS + rules.default, "the default branch", name=rules.default) if known else None


def _first(git: Git, pushed: Pushed, branch: str) -> Comparison:
    base = Base("", f"the push makes {branch}, and nothing is there to compare with")
    return Comparison(CommitSnapshot(git, pushed.new), pushed.new, (), base)


def _config(git: Git, name: str) -> list[str]:
    return [line for line in git.lines("config", "--get-all", f"clusterstacks.{name}", ok=(0, 1)) if line]


def _short(ref: str) -> str:
    return ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else ref


def _id(oid: str) -> str:
    return oid if oid.strip("0") else ""


def _rows(data: bytes, width: int) -> Iterable[list[str]]:
    for line in os.fsdecode(data).split("\n"):
        words = line.split(" ")
        if line and (len(words) != width or not all(words)):
            raise CannotTell(f"stdin has the line {line!r}: this is meant to be started by git, as a hook")
        if line:
            yield words
