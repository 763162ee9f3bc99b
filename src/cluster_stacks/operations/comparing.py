"""How `changes`, `check` and `bump` come to the change that they are about."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.base import Base
from cluster_stacks.repository.comparison import (
    NAMED,
    NOTHING_STAGED,
    Comparison,
    compare_commits,
    compare_staged,
    compare_worktree,
)
from cluster_stacks.repository.git import Git, Lacking


class Question(NamedTuple):
    """What was asked: from `base` (None: found by itself) to a commit, the index or the work tree.

    `base` may be a range: `A...B` is what B changes since it left A, `A..B` the difference of both, for a branch that
    was replaced. `target` is the branch whose tip says what the versions must be; None: the base. With `deepen`, what a
    shallow clone lacks is fetched.
    """

    base: str | None = None
    head: str | None = None
    staged: bool = False
    worktree: bool = False
    target: str | None = None
    deepen: bool = False


class Since(NamedTuple):
    """What a report says of the base: which, and why."""

    base: Base
    git: Git

    @classmethod
    def of(cls, comparison: Comparison) -> Since:
        """That of a comparison."""
        return cls(comparison.base, comparison.head.git)

    @property
    def found(self) -> bool:
        """Whether it was looked for and found, rather than named."""
        return self.base not in (NOTHING_STAGED, self.base._replace(reason=NAMED))

    @property
    def data(self) -> dict[str, str | None]:
        """For JSON. Asks git for the commit; null where there is none yet."""
        base = self.base
        return {"ref": base.name or base.ref, "commit": self.git.find_commit(base.ref), "reason": base.reason}


def compare(repo: Path, question: Question, environ: Mapping[str, str] | None = None) -> Comparison:
    """The comparison that a question means. Raises CannotTell where it has no answer.

    The network is used only where the question says `deepen`.
    """
    environ = os.environ if environ is None else environ
    git = Git.discover(repo, environ)
    try:
        return compare_in(git, question, environ)
    except Lacking as lacking:
        if not question.deepen:
            raise
        from cluster_stacks.operations.deepening import retried

        return retried(git, lacking, lambda: compare_in(git, question, environ))


def compare_in(git: Git, question: Question, environ: Mapping[str, str]) -> Comparison:
    """As `compare`, in a repository, with what is here."""
    ranged = split_range(question)
    if ranged is not None:
        base, head = ranged
        return _with_bump(compare_commits(git, base, head, question.target), question, f"--base {base.ref}")
    if question.staged and environ.get("PRE_COMMIT_FROM_REF") and environ.get("PRE_COMMIT_TO_REF"):
        from cluster_stacks.operations.pushes import compare_of_pre_commit

        return _with_bump(compare_of_pre_commit(git, question, environ), question)
    if question.worktree:
        found = compare_worktree(git, question.base, question.target)
    elif question.staged:
        found = compare_staged(git, question.base, question.target)
    else:
        found = compare_commits(git, question.base, question.head, question.target)
    return _with_bump(found, question)


def split_range(question: Question) -> tuple[Base, str] | None:
    """The base and the head of a question whose base is a range; None where it is none. Raises CannotTell."""
    if question.base is None or ".." not in question.base:
        return None
    start, dots, end = question.base.partition("..." if "..." in question.base else "..")
    if question.head or question.staged or question.worktree:
        raise CannotTell(
            f"the range {question.base} names both ends: name one commit with --base where the other is the index, the "
            "work tree or --head"
        )
    return Base(start or "HEAD", NAMED, exact=dots == ".."), end or "HEAD"


def _with_bump(found: Comparison, question: Question, option: str = "") -> Comparison:
    """The options of the `bump` that answers the same question, where it does not find them by itself."""
    option = option or (f"--base {question.base}" if question.base else found.base.option)
    words = ["--staged" if question.staged and found.head.commit is None else "", option]
    words += [f"--target {question.target}"] if question.target else []
    return found._replace(bump="".join(f" {word}" for word in words if word))


def reads(path: str, data: bytes) -> frozenset[str]:
    """Which values of the context a file of a stack reads.

    What the template's tree says, and what the digest of a release takes for reading, so that whatever a published
    version is bound to also asks for a new one.
    """
    from cluster_stacks.releases.reads import chains
    from cluster_stacks.rendering.reads import template_reads

    named = {".".join(chain) for chain in chains(data) if chain[0] in ("kubernetes", "vars", "images")}
    return template_reads(path, data) | named
