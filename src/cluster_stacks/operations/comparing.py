"""How `changes`, `check` and `bump` come to the change that they are about."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.repository.base import default_base
from cluster_stacks.repository.comparison import Comparison, compare_commits, compare_staged, compare_worktree
from cluster_stacks.repository.git import Git


class Question(NamedTuple):
    """What was asked: from `base` (None: found by itself) to a commit, the index or the work tree.

    `target` is the branch whose tip says what the versions must be; None: the base.
    """

    base: str | None = None
    head: str | None = None
    staged: bool = False
    worktree: bool = False
    target: str | None = None

    @property
    def bump(self) -> str:
        """The options of the `bump` that answers the same question."""
        words = ["--staged"] if self.staged else []
        words += [f"--base {self.base}"] if self.base else []
        words += [f"--target {self.target}"] if self.target else []
        return "".join(f" {word}" for word in words)


def compare(repo: Path, question: Question, environ: Mapping[str, str] | None = None) -> Comparison:
    """The comparison that a question means. Raises CannotTell where it has no answer.

    Under `pre-commit run --from-ref A --to-ref B` what is staged is not what is asked about: the commits are. Under
    `git push` the first of them is only where the pushed branch stood before, so the base is found as without it.
    """
    environ = os.environ if environ is None else environ
    git = Git.discover(repo, environ)
    source, to = environ.get("PRE_COMMIT_FROM_REF"), environ.get("PRE_COMMIT_TO_REF")
    if question.staged and source and to:
        base = question.base or (default_base(git) if "PRE_COMMIT_REMOTE_BRANCH" in environ else None) or source
        return compare_commits(git, base, to, question.target)
    if question.worktree:
        return compare_worktree(git, question.base, question.target)
    if question.staged:
        return compare_staged(git, question.base, question.target)
    return compare_commits(git, question.base, question.head, question.target)


def reads(path: str, data: bytes) -> frozenset[str]:
    """Which values of the context a file of a stack reads.

    What the template's tree says, and what the digest of a release takes for reading, so that whatever a published
    version is bound to also asks for a new one.
    """
    from cluster_stacks.releases.reads import chains
    from cluster_stacks.rendering.reads import template_reads

    named = {".".join(chain) for chain in chains(data) if chain[0] in ("kubernetes", "vars")}
    return template_reads(path, data) | named
