"""How a question becomes a comparison: ranges, pre-commit's variables, and the `bump` that answers the same."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.comparing import Question, compare
from gitrepo_plugin import GitRepo, metadata, stack

CLASS = "providers/docker/scs/1-36/cluster-class/class.yaml"
METADATA = "providers/docker/scs/1-36/metadata.yaml"


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """`topic` has changed the class since `main`; `main` has a second stack since."""
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    git_repo.commit(stack("openstack/scs/1-36"))
    return git_repo.checkout("topic")


@pytest.mark.parametrize(
    ("base", "paths", "exact"),
    [
        ("main", 1, False), ("main...topic", 1, False), ("main...", 1, False), ("main..topic", 6, True),
        ("main~1..topic", 1, True), ("topic..", 0, True), ("..main", 6, True), ("...main", 5, False),
    ],
)
def test_ranges(repo: GitRepo, base: str, paths: int, exact: bool) -> None:
    found = compare(repo.path, Question(base=base), {})
    assert (len(found.changes), found.base.exact) == (paths, exact)
    assert found.target == (base.partition("..")[0] or "HEAD")


@pytest.mark.parametrize(
    "question", [Question(base="a..b", head="c"), Question(base="a..b", staged=True), Question("a..b", worktree=True)]
)
def test_a_range_names_both_ends(repo: GitRepo, question: Question) -> None:
    with pytest.raises(CannotTell, match=r"the range a\.\.b names both ends"):
        compare(repo.path, question, {})


@pytest.mark.parametrize("base", ["a..b..c", "....", "--x..y", "a b..c"])
def test_what_is_no_range(repo: GitRepo, base: str) -> None:
    with pytest.raises(CannotTell):
        compare(repo.path, Question(base=base), {})


@pytest.mark.parametrize(
    ("question", "bump"),
    [
        (Question(), ""),
        (Question(staged=True), " --staged"),
        (Question(base="main"), " --base main"),
        (Question(base="main...topic"), " --base main"),
        (Question(base="main", target="topic"), " --base main --target topic"),
    ],
)
def test_the_bump_that_answers_the_same(repo: GitRepo, question: Question, bump: str) -> None:
    repo.stage({CLASS: "a: 3\n"})
    assert compare(repo.path, question, {}).bump == bump


def test_pre_commits_refs(repo: GitRepo) -> None:
    environ = {"PRE_COMMIT_FROM_REF": "main", "PRE_COMMIT_TO_REF": "topic"}
    found = compare(repo.path, Question(staged=True), environ)
    assert (found.target, len(found.changes), str(found.base)) == ("main", 1, "main (PRE_COMMIT_FROM_REF)")
    assert found.bump == "", "what was committed is mended in the files, not in the index"


def test_before_a_push_pre_commit_names_the_branch(repo: GitRepo, tmp_path: Path) -> None:
    clone = GitRepo(tmp_path / "clone")
    repo.git("clone", "--quiet", "--branch=main", str(repo.path), str(clone.path))
    clone.commit({CLASS: "a: 3\n"}, branch="main", parent="origin/main")
    environ = {
        "PRE_COMMIT_FROM_REF": clone.git("rev-parse", "origin/main"), "PRE_COMMIT_REMOTE_NAME": "origin",
        "PRE_COMMIT_TO_REF": "main", "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main",
    }
    told = [
        str(compare(clone.path, Question(staged=True), {**environ, "PRE_COMMIT_REMOTE_BRANCH": ref}).base)
        for ref in ("refs/heads/main", "refs/heads/next", "refs/tags/v1")
    ]
    assert told == [
        "origin/topic (default branch of the remote)", "origin/topic (default branch of the remote)",
        "main (refs/tags/v1 is no branch)",
    ]
    clone.git("remote", "set-head", "origin", "main")
    found = compare(clone.path, Question(staged=True), {**environ, "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/main"})
    assert (str(found.base), found.base.exact) == ("origin/main (before the push)", True)


@pytest.mark.parametrize("verb", ["check", "changes"])
def test_the_report_says_which_base_and_why(
    repo: GitRepo, root: Path, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    args = [verb, "--repo", str(repo.path)]
    run(args)
    assert "base: main (the branch main of this clone)\n" in capsys.readouterr().err
    run([*args, "--quiet"])
    run([*args, "--base", "main"])
    assert "base:" not in capsys.readouterr().err
    run([*args, "--base", "main", "--verbose"])
    assert "base: main (named by --base)\n" in capsys.readouterr().err
    run([*args, "--format", "json"])
    result = json.loads(capsys.readouterr().out)
    jsonschema.validate(result, json.loads((root / f"schemas/{verb}.schema.json").read_text()))
    commit = repo.git("rev-parse", "main")
    assert result["base"] == {"ref": "main", "commit": commit, "reason": "the branch main of this clone"}


def test_a_target_by_the_name_that_people_know(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.git("update-ref", "refs/remotes/origin/main", "main~1")
    run(["check", "--repo", str(repo.path), "--head", "topic"])
    assert "(`cluster-stacks bump docker/scs/1-36`)" in capsys.readouterr().out
    repo.commit({METADATA: metadata("v9")}, branch="topic")
    run(["check", "--repo", str(repo.path), "--head", "topic"])
    assert "it follows v1 on origin/main" in capsys.readouterr().out


def test_a_pull_request_speaks_of_its_target_by_name(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a clone of the merge commit and its parents, as a job on GitHub has it: there is no branch of the target."""
    repo.checkout("main~0").git("merge", "--quiet", "--no-edit", "topic")
    job = GitRepo(tmp_path / "job")
    repo.git("branch", "merged")
    repo.git("clone", "--quiet", "--depth=2", "--branch=merged", f"file://{repo.path}", str(job.path))
    job.checkout("merged~0")
    for name, value in (
        ("GITHUB_ACTIONS", "true"), ("GITHUB_WORKSPACE", str(job.path)), ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_BASE_REF", "main"), ("GITHUB_SHA", job.git("rev-parse", "HEAD")),
    ):
        monkeypatch.setenv(name, value)
    assert run(["check", "--repo", str(job.path)]) == 1
    said = capsys.readouterr()
    assert "base: origin/main (target of the pull request, as merged for this run)" in said.err
    assert "(`cluster-stacks bump docker/scs/1-36 --base origin/main`)" in said.out
