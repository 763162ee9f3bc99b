"""What the pipeline that we run in says of the change: GitHub's events, GitLab's variables.

Documented by GitHub as "default environment variables" and "events that trigger workflows", by GitLab as "predefined
CI/CD variables". They count only where they are about this repository: it lies in the folder that the job checked out,
and has the commit that the job is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.base import Base
from cluster_stacks.repository.git import Git, Lacking

_LARGEST = 32 * 2**20
_HEADS = "refs/heads/"
_SHORT = 12  # characters of a commit id, for people
_REMOTE = "origin"
"""The name that the checkout of both systems gives the remote."""


def base_of_pipeline(git: Git) -> Base | str:
    """The base that the pipeline names; where it names none, why (empty: it is about another repository).

    Raises CannotTell where it names one that this clone does not have, or where its event cannot be read.
    """
    environ = git.env
    if environ.get("GITHUB_ACTIONS") == "true" and _inside(git, environ.get("GITHUB_WORKSPACE")):
        return _github(git, environ)
    if environ.get("GITLAB_CI") == "true" and _inside(git, environ.get("CI_PROJECT_DIR")):
        return _gitlab(git, environ) if _known(git, environ.get("CI_COMMIT_SHA")) else ""
    return ""


def _github(git: Git, environ: Mapping[str, str]) -> Base | str:
    name, event = environ.get("GITHUB_EVENT_NAME", ""), _Event(environ.get("GITHUB_EVENT_PATH", ""))
    if branch := environ.get("GITHUB_BASE_REF"):
        if _known(git, environ.get("GITHUB_SHA")) or _known(git, event.get("pull_request", "head", "sha")):
            return _pull_request(git, branch, environ.get("GITHUB_SHA", ""))
        return ""
    if not _known(git, environ.get("GITHUB_SHA")):
        return ""
    if name == "merge_group":
        base, branch = event.need("merge_group", "base_sha"), event.get("merge_group", "base_ref")
        return _commit(git, base, "what the merge queue builds on", branch)
    if name == "push":
        return _push(git, event.need("ref"), event.need("before"), event.get("repository", "default_branch"))
    return f"the event {name or 'of this run'} names no base"


def _pull_request(git: Git, branch: str, merged: str) -> Base:
    """The tip of the target as it is known here; else as it was when the pull request was merged for this run."""
    name, reason = f"{_REMOTE}/{branch}", "target of the pull request"
    if _known(git, name):
        return Base(name, reason, option=f"--base {name}")
    if _known(git, "HEAD^2") and git.find_commit("HEAD") == merged:
        return Base("HEAD^1", f"{reason}, as merged for this run", name=name, option=f"--base {name}")
    raise Lacking(
        f"this clone lacks {name}, the target of the pull request: check out with a fetch-depth of 2 or more, or "
        f"`git fetch {_REMOTE} {branch}`", name,
    )


def _push(git: Git, ref: str, before: str, default: str) -> Base | str:
    """From the old to the new tip of the default branch; every other branch will be merged into that."""
    if not default or ref == _HEADS + default:
        if not before.strip("0"):
            raise CannotTell(
                f"the push made {ref.removeprefix(_HEADS)}: there is nothing to compare with, name a commit with --base"
            )
        return _replaced(git, before, ref)
    name = f"{_REMOTE}/{default}"
    if not _known(git, name):
        raise Lacking(
            f"this clone lacks {name}, which {ref.rpartition('/')[2]} will be merged into: check out with "
            f"fetch-depth 0, or `git fetch {_REMOTE} {default}`", name,
        )
    return Base(name, "default branch, as the push says", option=f"--base {name}")


def _gitlab(git: Git, environ: Mapping[str, str]) -> Base | str:
    branch, default = environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"), environ.get("CI_DEFAULT_BRANCH", "")
    if branch:
        return _merge_request(git, branch, environ)
    before = environ.get("CI_COMMIT_BEFORE_SHA", "").strip("0") and environ["CI_COMMIT_BEFORE_SHA"]
    own = environ.get("CI_COMMIT_BRANCH", "")
    if own and own == default:
        return _replaced(git, before, own) if before else f"the pipeline on {own} names no base"
    if not default:
        return "the pipeline names no default branch"
    return _branch(git, default, "default branch, as the pipeline says")


def _merge_request(git: Git, branch: str, environ: Mapping[str, str]) -> Base:
    """The target's tip; in a pipeline of the merged result, that which was merged."""
    merged = environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "")
    if merged:
        return _commit(git, merged, "target of the merge request, as merged for this run", branch)
    base = _branch(git, branch, "target of the merge request")
    start = environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    # GitLab tells the merge base: it need not be found in a clone of a few commits.
    return base._replace(ref=start, target=base.ref, name=base.ref, exact=True) if _known(git, start) else base


def _branch(git: Git, branch: str, reason: str) -> Base:
    name = f"{_REMOTE}/{branch}"
    if not _known(git, name):
        raise Lacking(f"this clone lacks {name}, the {reason}: run `git fetch {_REMOTE} {branch}`", name)
    return Base(name, reason, option=f"--base {name}")


def _replaced(git: Git, before: str, branch: str) -> Base:
    """The old tip itself. The remote's branch is no base any more: it is at the new tip, also for who mends it."""
    found = _commit(git, before, "what the push replaced", branch)
    return found._replace(exact=True, reason="before the push", option=f"--base {before[:_SHORT]}")


def _commit(git: Git, commit: str, reason: str, branch: str) -> Base:
    name = f"{_REMOTE}/{branch.removeprefix(_HEADS)}" if branch else ""
    if not _known(git, commit):
        raise Lacking(
            f"this clone lacks {commit}, {reason}: fetch it (`git fetch {_REMOTE} {commit}`), check out the whole "
            "history, or name another commit with --base", commit,
        )
    return Base(commit, reason, name=name, option=f"--base {name}" if name else "")


class _Event:
    """GitHub's event, read when first asked. Hostile: a pull request decides on much of its text."""

    def __init__(self, path: str) -> None:
        self._path, self._data = path, None

    def get(self, *keys: str) -> str:
        """The text at a path of keys; empty where there is none, or the event cannot be read."""
        try:
            return self.need(*keys)
        except CannotTell:
            return ""

    def need(self, *keys: str) -> str:
        """As `get`. Raises CannotTell where there is none."""
        value = self._read()
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, str) or not value:
            raise CannotTell(f"the event in {self._path} has no {'.'.join(keys)}: name the base with --base")
        return value

    def _read(self) -> object:
        if self._data is None:
            import json

            where = "GITHUB_EVENT_PATH"
            try:
                with Path(self._path).open("rb") as file:
                    data = file.read(_LARGEST + 1)
                if len(data) > _LARGEST:
                    raise CannotTell(f"the event that {where} names has more than {_LARGEST >> 20} MiB: use --base")
                self._data = json.loads(data)
            except (OSError, ValueError, RecursionError) as error:
                raise CannotTell(f"the event that {where} names cannot be read ({error}): use --base") from error
        return self._data


def _inside(git: Git, folder: str | None) -> bool:
    return bool(folder) and git.cwd.resolve().is_relative_to(Path(folder or ".").resolve())


def _known(git: Git, revision: str | None) -> bool:
    try:
        return bool(revision) and git.find_commit(revision or "") is not None
    except CannotTell:
        return False
