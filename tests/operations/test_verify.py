"""`publish --verify`: a branch that is what its sources give, one that somebody edited, and what cannot be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cluster_stacks
from cluster_stacks.rendering import facts
from gitrepo_plugin import GitRepo
from stacks_fixture import Cli, copied, two_versions

FOLDER = "releases/docker/scs/1-36"


@pytest.fixture(scope="module")
def template(root: Path, tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    return two_versions(root, tmp_path_factory.mktemp("verify") / "stacks")


@pytest.fixture
def repo(template: GitRepo, tmp_path: Path) -> GitRepo:
    return copied(template, tmp_path / "stacks")


def edit(repo: GitRepo, path: str, text: str | None) -> None:
    repo.commit({path: text}, branch="rendered")


def test_what_was_published_is_what_its_source_gives(repo: GitRepo, cli: Cli) -> None:
    cli("retire", "docker/scs/1-36/v1")
    before = repo.git("for-each-ref"), repo.git("count-objects")
    code, out, err = cli("publish", "--verify")
    assert (code, err) == (0, "")
    assert out == "nothing found in 2 releases on rendered\n"
    assert (repo.git("for-each-ref"), repo.git("count-objects")) == before, "it writes nothing"


@pytest.mark.parametrize(("path", "text", "told"), [
    (f"{FOLDER}/v1/upgrade.yaml", "spec: {}\n", "was edited"),
    (f"{FOLDER}/v1/cluster-class/more.yaml", "kind: Secret\n", "is not of the release"),
    (f"{FOLDER}/v2/kustomization.yaml", None, "is missing"),
    (f"{FOLDER}/node-images/v1/image.json", "{}\n", "was edited"),
])
def test_what_somebody_edited(repo: GitRepo, cli: Cli, path: str, text: str | None, told: str) -> None:
    edit(repo, path, text)
    code, out, _ = cli("publish", "--verify", "--format", "json")
    assert code == 1
    findings = json.loads(out)["findings"]
    assert {finding["rule"] for finding in findings} == {"CS583"}
    assert {finding["path"] for finding in findings} == {path}
    assert told in findings[0]["message"]


def test_a_commit_that_says_another_version(repo: GitRepo, cli: Cli) -> None:
    path = f"{FOLDER}/series.json"
    series = json.loads(repo.git("show", f"rendered:{path}"))
    series["versions"][0]["sourceCommit"] = series["versions"][1]["sourceCommit"]
    edit(repo, path, json.dumps(series))
    code, out, _ = cli("publish", "--verify")
    assert code == 1
    assert "says v2: series.json was edited" in " ".join(out.split())


def test_a_source_commit_that_is_not_here(repo: GitRepo, cli: Cli) -> None:
    """What can be told is told; for the rest it is said what to fetch."""
    path = f"{FOLDER}/series.json"
    series = json.loads(repo.git("show", f"rendered:{path}"))
    series["versions"][0]["sourceCommit"] = "1" * 40
    edit(repo, path, json.dumps(series))
    code, out, err = cli("publish", "--verify")
    assert code == 2
    assert "nothing found in 2 releases" in out
    assert err == (
        "cluster-stacks: cannot tell: rendered: docker/scs/1-36 v1: this clone lacks the source commit 111111111111: "
        f"`git fetch origin {'1' * 40}`\n"
    )


def test_other_tools_and_the_same_bytes(repo: GitRepo, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "__version__", "99.0.0")
    assert cluster_stacks.__version__ != "99.0.0"
    assert cli("publish", "--verify")[0] == 0


def test_other_tools_and_other_bytes(repo: GitRepo, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can say from here whether the tool or a person made the difference."""
    monkeypatch.setattr(facts, "__version__", "99.0.0")
    edit(repo, f"{FOLDER}/v1/upgrade.yaml", "spec: {}\n")
    code, out, err = cli("publish", "--verify", "docker/scs")
    assert code == 2
    assert "CS584" in out
    assert "cluster-stacks 0.1.0 then, 99.0.0 here" in err


def test_a_branch_that_is_checked_out_elsewhere(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "rendered"), "rendered")
    assert cli("publish", "--verify")[0] == 0


def test_no_branch_here(repo: GitRepo, cli: Cli) -> None:
    code, _, err = cli("publish", "--verify", "--branch", "elsewhere")
    assert code == 2
    assert "this clone has no branch elsewhere: fetch it" in err
