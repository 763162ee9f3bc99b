"""What GitHub and GitLab say of the change, in clones as their runners make them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.base import Base, find_base
from cluster_stacks.repository.git import Git
from gitrepo_plugin import GitRepo, new_repository

Ask = Callable[..., Base | None]
ZERO = "0" * 40


@pytest.fixture
def origin(tmp_path: Path) -> GitRepo:
    """`main` has two commits; `topic` one since the first; `merged` is what GitHub makes of both for the run."""
    repo = new_repository(tmp_path / "origin")
    repo.commit({"providers/a": "1"})
    repo.commit({"providers/b": "1"}, branch="topic", parent="main")
    repo.commit({"providers/c": "1"}, branch="main")
    repo.git("checkout", "--quiet", "--detach", "main")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    repo.git("update-ref", "refs/pull/1/merge", "HEAD")
    return repo


@pytest.fixture
def job(origin: GitRepo, tmp_path: Path) -> Callable[..., GitRepo]:
    """A checkout as a runner makes it: of one ref, with so many commits (0: all, of all branches)."""

    def checkout(ref: str, depth: int = 1) -> GitRepo:
        repo = new_repository(tmp_path / "job")
        repo.git("remote", "add", "origin", f"file://{origin.path}")
        refspecs = [f"+{ref}:refs/remotes/job"] if depth else ["+refs/heads/*:refs/remotes/origin/*", ref]
        repo.git("fetch", "--quiet", *([f"--depth={depth}"] if depth else []), "origin", *refspecs)
        repo.git("checkout", "--quiet", "--detach", origin.git("rev-parse", ref))
        return repo

    return checkout


@pytest.fixture
def github(tmp_path: Path) -> Ask:
    """Asks for the base as in a job on GitHub, with an event."""

    def ask(repo: GitRepo, name: str, event: object = None, **environ: str) -> Base | None:
        file = tmp_path / "event.json"
        if event is not None:
            file.write_bytes(event if isinstance(event, bytes) else json.dumps(event).encode())
        return find_base(Git.discover(repo.path, {
            "PATH": "/usr/bin:/bin", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path),
            "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(file), "GITHUB_SHA": repo.git("rev-parse", "HEAD"),
            **environ,
        }))

    return ask


def told(base: Base | None) -> tuple[str, str, bool]:
    assert base is not None
    return base.ref, str(base), base.exact


def test_a_pull_request_in_a_clone_of_two_commits(job: Callable[..., GitRepo], github: Ask) -> None:
    repo = job("refs/pull/1/merge", 2)
    assert told(github(repo, "pull_request", GITHUB_BASE_REF="main")) == (
        "HEAD^1", "origin/main (target of the pull request, as merged for this run)", False,
    )


def test_the_tip_of_the_target_as_it_is_now(job: Callable[..., GitRepo], github: Ask, origin: GitRepo) -> None:
    repo = job("refs/pull/1/merge", 0)
    newer = origin.commit({"providers/d": "1"}, branch="main")
    repo.git("fetch", "--quiet", "origin", "+refs/heads/main:refs/remotes/origin/main")
    base = github(repo, "pull_request", GITHUB_BASE_REF="main")
    assert told(base) == ("origin/main", "origin/main (target of the pull request)", False)
    assert repo.git("rev-parse", "origin/main") == newer


def test_a_pull_request_of_one_commit_is_too_little(job: Callable[..., GitRepo], github: Ask) -> None:
    with pytest.raises(CannotTell, match=r"lacks origin/main, .*fetch-depth of 2 or more, or `git fetch origin main`"):
        github(job("refs/pull/1/merge", 1), "pull_request", GITHUB_BASE_REF="main")


def test_a_merge_queue(job: Callable[..., GitRepo], github: Ask, origin: GitRepo) -> None:
    repo, sha = job("refs/pull/1/merge", 0), origin.git("rev-parse", "main")
    event = {"merge_group": {"base_sha": sha, "base_ref": "refs/heads/main"}}
    assert told(github(repo, "merge_group", event)) == (sha, "origin/main (what the merge queue builds on)", False)
    event = {"merge_group": {"base_sha": "1" * 40, "base_ref": "refs/heads/main"}}
    with pytest.raises(CannotTell, match=f"`git fetch origin {'1' * 40}`"):
        github(repo, "merge_group", event)


def pushed(ref: str, before: str) -> dict[str, object]:
    return {"ref": ref, "before": before, "repository": {"default_branch": "main"}}


def test_a_push_to_the_default_branch(job: Callable[..., GitRepo], github: Ask, origin: GitRepo) -> None:
    repo, before = job("refs/heads/main", 0), origin.git("rev-parse", "main~1")
    base = github(repo, "push", pushed("refs/heads/main", before))
    assert told(base) == (before, "origin/main (before the push)", True)
    assert base is not None
    assert base.option == f"--base {before[:12]}", "the remote's branch has moved on"
    for event, message in (
        (pushed("refs/heads/main", ZERO), "the push made main: there is nothing to compare with"),
        (pushed("refs/heads/main", "2" * 40), f"lacks {'2' * 40}, what the push replaced: fetch it"),
    ):
        with pytest.raises(CannotTell, match=message):
            github(repo, "push", event)


@pytest.mark.parametrize("ref", ["refs/heads/topic", "refs/tags/v1"])
@pytest.mark.parametrize("before", [ZERO, "3" * 40])
def test_any_other_push(job: Callable[..., GitRepo], github: Ask, ref: str, before: str) -> None:
    event = pushed(ref, before)
    expected = ("origin/main", "origin/main (default branch, as the push says)", False)
    assert told(github(job("refs/heads/topic", 0), "push", event)) == expected


def test_any_other_push_in_a_clone_of_one_commit(job: Callable[..., GitRepo], github: Ask) -> None:
    with pytest.raises(CannotTell, match="lacks origin/main, which topic will be merged into"):
        github(job("refs/heads/topic"), "push", pushed("refs/heads/topic", ZERO))


def test_an_event_that_names_no_base_is_told(job: Callable[..., GitRepo], github: Ask) -> None:
    base = github(job("refs/heads/topic", 0), "schedule", {})
    assert str(base) == "origin/main (the remote's main; the event schedule names no base)"


UNREADABLE = (
    None, b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"1", {"merge_group": 1}, {"merge_group": {"base_sha": ["x"]}},
    b" " * (32 * 2**20 + 1),
)


def test_an_event_that_cannot_be_read(job: Callable[..., GitRepo], github: Ask) -> None:
    repo = job("refs/heads/topic", 0)
    for event in UNREADABLE:
        with pytest.raises(CannotTell, match=r"use --base$|name the base with --base$"):
            github(repo, "merge_group", event)


def test_hostile_text_in_an_event(job: Callable[..., GitRepo], github: Ask) -> None:
    repo = job("refs/heads/topic", 0)
    for hostile in ("--output=x", "a b", "..", "x:y", "\n", "é"):
        with pytest.raises(CannotTell):
            github(repo, "merge_group", {"merge_group": {"base_sha": hostile, "base_ref": hostile}})


def test_what_is_about_another_repository_does_not_count(
    job: Callable[..., GitRepo], github: Ask, tmp_path: Path
) -> None:
    repo = job("refs/heads/topic", 0)
    event = pushed("refs/heads/main", "4" * 40)
    here = "origin/main (the remote's main)"
    assert str(github(repo, "push", event, GITHUB_WORKSPACE=str(tmp_path / "elsewhere"))) == here
    assert str(github(repo, "push", event, GITHUB_SHA="5" * 40)) == here
    assert str(github(repo, "push", event, GITHUB_ACTIONS="")) == here
    assert str(github(repo, "pull_request", {}, GITHUB_SHA="5" * 40, GITHUB_BASE_REF="main")) == here


def gitlab(repo: GitRepo, **environ: str) -> Base | None:
    return find_base(Git.discover(repo.path, {
        "PATH": "/usr/bin:/bin", "GITLAB_CI": "true", "CI_PROJECT_DIR": str(repo.path), "CI_DEFAULT_BRANCH": "main",
        "CI_COMMIT_SHA": repo.git("rev-parse", "HEAD"), **environ,
    }))


def test_a_merge_request(job: Callable[..., GitRepo], origin: GitRepo) -> None:
    repo, start = job("refs/heads/topic", 0), origin.git("rev-parse", "topic~1")
    base = gitlab(repo, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_MERGE_REQUEST_DIFF_BASE_SHA=start)
    assert base == Base(
        start, "target of the merge request", "origin/main", "origin/main", exact=True, option="--base origin/main"
    )
    base = gitlab(repo, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_MERGE_REQUEST_DIFF_BASE_SHA="6" * 40)
    assert told(base) == ("origin/main", "origin/main (target of the merge request)", False)


def test_a_pipeline_of_the_merged_result(job: Callable[..., GitRepo], origin: GitRepo) -> None:
    repo, target = job("refs/pull/1/merge", 2), origin.git("rev-parse", "main")
    base = gitlab(repo, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_MERGE_REQUEST_TARGET_BRANCH_SHA=target)
    assert told(base) == (target, "origin/main (target of the merge request, as merged for this run)", False)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"CI_COMMIT_BRANCH": "topic", "CI_COMMIT_BEFORE_SHA": ZERO}, "default branch, as the pipeline says"),
        ({"CI_COMMIT_TAG": "v1"}, "default branch, as the pipeline says"),
        ({"CI_COMMIT_BRANCH": "main"}, "the remote's main; the pipeline on main names no base"),
        ({"CI_COMMIT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": "HEAD~1"}, "before the push"),
        ({"CI_COMMIT_SHA": "7" * 40}, "the remote's main"),
    ],
)
def test_a_branch_pipeline(job: Callable[..., GitRepo], environ: Mapping[str, str], said: str) -> None:
    repo, before = job("refs/heads/main", 0), environ.get("CI_COMMIT_BEFORE_SHA", "")
    if before == "HEAD~1":
        environ = {**environ, "CI_COMMIT_BEFORE_SHA": repo.git("rev-parse", before)}
    assert re.search(f"\\({re.escape(said)}\\)$", str(gitlab(repo, **environ)))


def test_a_merge_request_without_its_target(job: Callable[..., GitRepo]) -> None:
    with pytest.raises(CannotTell, match=r"lacks origin/main, .*`git fetch origin main`"):
        gitlab(job("refs/heads/topic"), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
