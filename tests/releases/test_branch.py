"""Reading the tip of a branch."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.releases.branch import read_branch
from cluster_stacks.repository.git import Git

STACK = StackId("docker", "scs", "1-36")
FOLDER = "releases/docker/scs/1-36"


def release(version: str) -> str:
    return json.dumps({
        "schemaVersion": 1, "name": f"docker-scs-1-36-{version}", "sourceDigest": "sha256:x",
        "stack": {"id": str(STACK), "provider": "docker", "name": "scs", "minor": "1-36"},
        "versions": {"clusterStack": version, "kubernetes": "v1.36.1", "clusterAddon": "v1", "nodeImage": "v1"},
    })


def series(**states: str) -> str:
    return json.dumps({
        "schemaVersion": 1, "stack": {"id": str(STACK), "provider": "docker", "name": "scs", "minor": "1-36"},
        "versions": [
            {"version": version, "state": state, "sourceDigest": "sha256:x", "sourceCommit": "c" * 40}
            for version, state in states.items()
        ],
    })


FILES = {
    ".cluster-stacks/index.json": '{"schemaVersion": 1, "layoutVersion": 1, "owned": {}}',
    f"{FOLDER}/series.json": series(v10="live", v2="live", v1="yanked"),
    f"{FOLDER}/v2/release.json": release("v2"),
    f"{FOLDER}/v10/release.json": release("v10"),
    f"{FOLDER}/v10/cluster-class/a.yaml": "",
    f"{FOLDER}/node-images/v1/image.json": "{}",
    "releases/NOTES": "",
    "hydrator.metadata": '{"drySha": "abc", "n": 1}',
}


@pytest.fixture
def git(git_repo: Any) -> Any:
    git_repo.commit(FILES, branch="rendered")
    return git_repo


def test_what_is_there(git: Any) -> None:
    branch = read_branch(Git.discover(git.path), git.git("rev-parse", "rendered"))
    assert branch.folders == {f"{FOLDER}/v2", f"{FOLDER}/v10", f"{FOLDER}/node-images/v1"}
    assert sorted(branch.entries) == [
        ".cluster-stacks/index.json", "hydrator.metadata", "releases/NOTES", f"{FOLDER}/series.json",
        f"{FOLDER}/v10/release.json", f"{FOLDER}/v2/release.json",
    ]
    assert not branch.is_foreign
    assert [str(version) for _, version in branch.live()] == ["v2", "v10"]
    assert [facts.name for facts in branch.facts()] == ["docker-scs-1-36-v2", "docker-scs-1-36-v10"]
    assert branch.find(STACK, Version(1))
    assert branch.hydrator == {"drySha": "abc"}


@pytest.mark.parametrize(("changes", "told"), [
    ({f"{FOLDER}/v2/release.json": release("v3")}, "is of docker-scs-1-36-v3"),
    ({f"{FOLDER}/v2/release.json": None}, "is gone from the branch"),
    ({f"{FOLDER}/v2/release.json": "{}"}, "schemaVersion must be a whole number"),
])
def test_what_does_not_fit_is_refused(git: Any, changes: dict[str, str | None], told: str) -> None:
    git.commit(changes, branch="rendered")
    branch = read_branch(Git.discover(git.path), git.git("rev-parse", "rendered"))
    with pytest.raises(Refused, match=told):
        list(branch.facts())


def test_a_series_of_another_stack_is_refused(git: Any) -> None:
    git.commit({"releases/docker/scs/1-37/series.json": series()}, branch="rendered")
    with pytest.raises(Refused, match="is of docker/scs/1-36"):
        read_branch(Git.discover(git.path), git.git("rev-parse", "rendered"))


@pytest.mark.parametrize("text", ["", "[]", '{"drySha": 1}', "\0"])
def test_a_damaged_hydrator_metadata_stops_nothing(git: Any, text: str) -> None:
    git.commit({"hydrator.metadata": text}, branch="rendered")
    assert read_branch(Git.discover(git.path), git.git("rev-parse", "rendered")).hydrator == {}


def test_no_branch_and_one_of_others(git_repo: Any) -> None:
    ask = Git.discover(git_repo.path)
    assert not read_branch(ask, None).is_foreign
    assert list(read_branch(ask, None).facts()) == []
    git_repo.commit({"releases/a/b/1-2/v1/x": ""}, branch="docs")
    assert read_branch(ask, git_repo.git("rev-parse", "docs")).is_foreign


def test_only_git_is_asked(git: Any, tmp_path: Path) -> None:
    """A bare clone serves as well: no work tree is needed."""
    subprocess.run(["git", "clone", "-q", "--bare", str(git.path), str(tmp_path / "bare")], check=True)
    branch = read_branch(Git.discover(tmp_path / "bare"), git.git("rev-parse", "rendered"))
    assert len(list(branch.facts())) == 2
