"""`--deepen`: a shallow clone gets what it lacks, in steps; without it, no question uses the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations import deepening
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import GitRepo, metadata, stack

CLASS = "providers/docker/scs/1-36/cluster-class/class.yaml"
METADATA = "providers/docker/scs/1-36/metadata.yaml"


@pytest.fixture
def origin(git_repo: GitRepo) -> GitRepo:
    """`topic` left `main` three commits ago, and has two of its own."""
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    git_repo.commit({CLASS: "a: 3\n"}, branch="topic")
    for number in range(3):
        git_repo.commit({"README.md": str(number)})
    return git_repo


def shallow(origin: GitRepo, path: Path) -> GitRepo:
    origin.git("clone", "--quiet", "--depth=1", "--branch=topic", f"file://{origin.path}", str(path))
    return GitRepo(path)


def test_the_branch_and_the_history_are_fetched(origin: GitRepo, tmp_path: Path) -> None:
    clone = shallow(origin, tmp_path / "clone")
    with pytest.raises(CannotTell, match="unknown revision origin/main: fetch it"):
        check(clone.path, Question(base="origin/main"))
    result = check(clone.path, Question(base="origin/main", deepen=True))
    assert [finding.rule for finding in result.findings] == ["CS101"]
    clone.commit({METADATA: metadata("v2")}, branch="topic")
    assert check(clone.path, Question(base="origin/main")).findings == (), "what was fetched stays"


def test_a_commit_is_fetched_by_its_id(origin: GitRepo, tmp_path: Path) -> None:
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = shallow(origin, tmp_path / "clone")
    base = origin.git("rev-parse", "topic~2")
    result = check(clone.path, Question(base=f"{base}..HEAD", deepen=True))
    assert [finding.rule for finding in result.findings] == ["CS101"]


def test_it_has_an_end(origin: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = shallow(origin, tmp_path / "clone")
    monkeypatch.setattr(deepening, "STEPS", (1,))
    with pytest.raises(CannotTell, match="1 commits more did not reach the merge base: run `git fetch --unshallow`"):
        check(clone.path, Question(base="origin/main", deepen=True))


@pytest.mark.parametrize("base", ["origin/nowhere", "nowhere", "1" * 40])
def test_what_the_remote_does_not_have_either(origin: GitRepo, tmp_path: Path, base: str) -> None:
    clone = shallow(origin, tmp_path / "clone")
    with pytest.raises(CannotTell, match=f"unknown revision {base}"):
        check(clone.path, Question(base=base, deepen=True))


def test_without_a_remote(origin: GitRepo) -> None:
    with pytest.raises(CannotTell, match="git remote add"):
        check(origin.path, Question(base="origin/main", head="topic", deepen=True))


@pytest.mark.parametrize("omitted", ["blob:none", "tree:0"])
def test_a_partial_clone_fetches_nothing_unasked(
    origin: GitRepo, tmp_path: Path, omitted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin.git("config", "uploadpack.allowFilter", "true")
    url, clone = f"file://{origin.path}", GitRepo(tmp_path / "clone")
    origin.git("clone", "--quiet", f"--filter={omitted}", "--no-checkout", url, str(clone.path))
    monkeypatch.delenv("GIT_NO_LAZY_FETCH", raising=False)
    with pytest.raises(CannotTell, match="in a partial clone run `git fetch --refetch --no-filter`"):
        check(clone.path, Question(base="origin/main", head="origin/topic"))
    clone.git("fetch", "--quiet", "--refetch", "--no-filter", "origin")
    result = check(clone.path, Question(base="origin/main", head="origin/topic"))
    assert [finding.rule for finding in result.findings] == ["CS101"]


def test_replace_refs_and_grafts_change_nothing(origin: GitRepo) -> None:
    wrong = origin.commit({CLASS: "a: 9\n"}, branch="topic")
    question = Question(base="main", head=wrong)
    before = check(origin.path, question).findings
    good = origin.commit({CLASS: "a: 9\n", METADATA: metadata("v2")}, branch="good", parent="main")
    origin.git("replace", wrong, good)
    assert origin.git("show", f"{wrong}:{METADATA}") == metadata("v2").strip()
    assert check(origin.path, question).findings == before
    origin.git("replace", "--delete", wrong)
    (origin.path / ".git/info").mkdir(exist_ok=True)
    (origin.path / ".git/info/grafts").write_text(f"{wrong} {origin.git('rev-parse', 'good')}\n")
    assert origin.git("merge-base", "main", wrong) == origin.git("rev-parse", "good~1")
    assert check(origin.path, question).findings == before
