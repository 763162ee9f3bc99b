"""The hooks that judge what is pushed, on the way out and on the way in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.operations.check import CheckResult, judge
from cluster_stacks.operations.pushes import (
    Pushed,
    Rules,
    client_rules,
    compare_push,
    pushed_by_client,
    pushed_to_server,
    server_rules,
)
from cluster_stacks.repository.git import Git


class PushResult(NamedTuple):
    """What was found in one ref of a push; `skipped` says why it was not judged, where it was not.

    `elsewhere` is the branch that is pushed, where something was found in it and another commit is checked out.
    """

    ref: str
    skipped: str = ""
    result: CheckResult = CheckResult()
    elsewhere: str = ""


def judge_client_push(repo: Path, remote: str, data: bytes) -> Iterator[PushResult]:
    """Judges what is about to be pushed: pre-push's standard input. Raises CannotTell where a base is not here."""
    git = Git.discover(repo)
    yield from _judged(git, pushed_by_client(data), client_rules(git, remote))


def judge_received(repo: Path, data: bytes) -> Iterator[PushResult]:
    """Judges what is being received: pre-receive's standard input. Nothing where the repository did not ask for it.

    The objects lie in the quarantine that git's variables name; no ref has moved yet, and there is no work tree.
    """
    git = Git.discover(repo)
    rules = server_rules(git)
    if rules is not None:
        yield from _judged(git, pushed_to_server(data), rules)


def _judged(git: Git, pushes: list[Pushed], rules: Rules) -> Iterator[PushResult]:
    for pushed in pushes:
        comparison = compare_push(git, pushed, rules)
        if isinstance(comparison, str):
            yield PushResult(pushed.ref, comparison)
            continue
        option = comparison.base.option
        comparison = comparison._replace(bump=f" {option}" if option else "")
        result = judge(comparison, all_stacks=not comparison.base.ref)
        yield PushResult(pushed.ref, result=result, elsewhere=_elsewhere(git, pushed) if result.findings else "")


def _elsewhere(git: Git, pushed: Pushed) -> str:
    branch = pushed.local.removeprefix("refs/heads/")
    return branch if branch != pushed.local and git.find_commit("HEAD") != pushed.new else ""
