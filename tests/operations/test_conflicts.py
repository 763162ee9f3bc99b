"""`bump` in a merge that left metadata.yaml in conflict."""

from __future__ import annotations

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import GitRepo, metadata, stack

FAMILY = "providers/docker/scs"
METADATA = f"{FAMILY}/1-36/metadata.yaml"
CLASS, VALUES = f"{FAMILY}/1-36/cluster-class/class.yaml", f"{FAMILY}/1-36/cluster-addon/cilium/values.yaml"


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """A branch and main, which bumped for different changes, and moved different components."""
    git_repo.commit(stack(cluster_stack="v3", cluster_addon="v2"))
    git_repo.commit({METADATA: metadata("v4", cluster_addon="v3"), VALUES: "a: 2\n"}, branch="topic", parent="main")
    for number in (4, 5, 6):
        theirs = metadata(f"v{number}", cluster_addon="v2") + "# theirs\n"
        git_repo.commit({METADATA: theirs, CLASS: f"a: {number}\n"})
    return git_repo.checkout("topic")


def test_versions_are_resolved_and_staged(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.git("merge", "--quiet", "main", ok=1)
    assert run(["bump", "--repo", str(repo.path), "--base", "main"]) == 0
    assert "docker/scs/1-36" in capsys.readouterr().out
    assert repo.read(METADATA) == metadata("v7", cluster_addon="v3") + "# theirs\n"
    repo.git("commit", "--quiet", "-am", "Merge")
    assert check(repo.path, Question(base="main")).findings == ()
    assert bump(repo.path, [], Question(base="main")).bumps == ()


def test_other_conflicts_are_left_alone(repo: GitRepo) -> None:
    repo.commit({CLASS: "a: mine\n", METADATA: metadata("v4", cluster_addon="v3")}, branch="topic")
    repo.checkout("topic").git("merge", "--quiet", "main", ok=1)
    assert bump(repo.path, [], Question(base="main")).merged
    assert repo.git("diff", "--name-only", "--diff-filter=U") == CLASS
    assert "<<<<<<<" in repo.read(CLASS)


def test_more_than_versions_is_for_a_human(repo: GitRepo) -> None:
    repo.commit({METADATA: metadata("v4", cluster_addon="v3") + "# ours\n"}, branch="topic")
    repo.checkout("topic").git("merge", "--quiet", "main", ok=1)
    result = bump(repo.path, [], Question(base="main"))
    (left,) = result.findings
    assert (left.rule, left.path) == ("CS221", METADATA)
    assert left.message == (
        "metadata.yaml stays in conflict: more than versions differs; resolve it by hand, `git add` it, then "
        "`cluster-stacks bump docker/scs/1-36`"
    )
    assert repo.git("diff", "--name-only", "--diff-filter=U") == METADATA
    assert run(["bump", "--repo", str(repo.path)]) == 1


def test_two_kubernetes_versions_are_for_a_human(repo: GitRepo) -> None:
    repo.commit({METADATA: metadata("v4", "v1.36.3", "v3")}, branch="topic")
    repo.commit({METADATA: metadata("v7", "v1.36.4", "v2")})
    repo.checkout("topic").git("merge", "--quiet", "main", ok=1)
    (left,) = bump(repo.path, [], Question(base="main")).findings
    assert "both sides move kubernetes" in left.message


def test_a_dry_run_says_what_to_do(repo: GitRepo) -> None:
    repo.git("merge", "--quiet", "main", ok=1)
    with pytest.raises(CannotTell, match="is in conflict: run `cluster-stacks bump`"):
        bump(repo.path, [], Question(base="main"), dry_run=True)
