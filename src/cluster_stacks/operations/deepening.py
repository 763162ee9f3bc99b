"""Fetches what a comparison lacks, where the user said that the network may be used, in steps that have an end."""

from __future__ import annotations

from collections.abc import Callable

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.comparison import Comparison
from cluster_stacks.repository.git import Git, Lacking

STEPS = (50, 500, 5000)
"""So many commits more each time: few for the usual pull request, and never the whole of an endless history."""


def retried(git: Git, lacking: Lacking, again: Callable[[], Comparison]) -> Comparison:
    """The comparison, once its commits and its merge base are here. Raises CannotTell where they cannot be had."""
    from cluster_stacks.repository.remote import default_remote

    remote = default_remote(git)
    fetched: set[str] = set()
    steps = iter(STEPS)
    while True:
        if lacking.wanted:
            if lacking.wanted in fetched or not _fetch(git, remote, lacking.wanted):
                raise lacking
            fetched.add(lacking.wanted)
        else:
            _deepen(git, remote, next(steps, 0))
        try:
            return again()
        except Lacking as next_one:
            lacking = next_one


def _fetch(git: Git, remote: str, revision: str) -> bool:
    from cluster_stacks.repository.remote import fetch_branch, fetch_commit

    if all(character in "0123456789abcdef" for character in revision):
        return fetch_commit(git, remote, revision)
    return revision.startswith(f"{remote}/") and fetch_branch(git, remote, revision.removeprefix(f"{remote}/"))


def _deepen(git: Git, remote: str, by: int) -> None:
    from cluster_stacks.repository.remote import deepen

    if not by:
        raise CannotTell(f"{sum(STEPS)} commits more did not reach the merge base: run `git fetch --unshallow`")
    head = git.find_commit("HEAD")
    deepen(git, remote, by, *([head] if head else []))
