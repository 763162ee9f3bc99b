"""A release against the published ones that Clusters move to it from, end to end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.validate import ValidateResult, validate_stacks
from gitrepo_plugin import GitRepo, new_repository
from small_stack import CLASS, STACK, files
from stacks_fixture import Cli, copied

VARIABLES = """\
  variables:
    - name: backend
      required: false
      schema:
        openAPIV3Schema:
          type: string
          maxLength: 20
"""
FOLDER = f"{STACK}/1-36"
CLASS_FILE = f"{FOLDER}/cluster-class/class.yaml"
BREAKING = f"{FOLDER}/cluster-class/breaking.yaml"
WITH = CLASS + VARIABLES


def stack(version: str, class_: str = WITH, minor: str = "1-36", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = files(minor, version, **more)
    made[f"{STACK}/{minor}/cluster-class/class.yaml"] = class_
    return made


@pytest.fixture
def repo(template: GitRepo, tmp_path: Path) -> GitRepo:
    return copied(template, tmp_path / "repository")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """v1 is published."""
    repo = new_repository(tmp_path_factory.mktemp("moves") / "repository")
    repo.commit(stack("v1"))
    repo.checkout()
    assert run(["publish", "--repo", str(repo.path), "--quiet"]) == 0
    return repo


def validated(repo: GitRepo) -> ValidateResult:
    return validate_stacks(repo.path, (), Question(), engine="embedded")


def moves(result: ValidateResult) -> list[tuple[str, str, int]]:
    return [
        (f.rule, f.severity.value, f.line) for f in result.findings
        if "CS629" <= f.rule <= "CS631" or "CS660" <= f.rule <= "CS679"
    ]


def test_what_breaks_a_move_is_an_error(repo: GitRepo, cli: Cli) -> None:
    repo.commit(stack("v2", WITH.replace("maxLength: 20", "maxLength: 10")))
    repo.checkout()
    result = validated(repo)
    line = 1 + WITH[: WITH.index("maxLength")].count("\n")
    assert moves(result) == [("CS631", "error", line)]
    [finding] = [f for f in result.findings if f.rule == "CS631"]
    assert finding.path == CLASS_FILE
    assert finding.message == (
        "moving from docker-scs-1-36-v1 (the last of its series) is refused for a Cluster whose value of backend does "
        "not fit: it must have at most 10 characters now; mend it, or announce `variable backend` in "
        "cluster-class/breaking.yaml"
    )
    [related] = finding.related
    assert related.path.startswith("rendered:releases/docker/scs/1-36/v1/cluster-class/")
    assert related.line > 0
    code, out, _ = cli("publish")
    assert code == 1
    assert "CS631" in out


def test_an_announced_break_is_a_note_and_everybody_tells_of_it(repo: GitRepo, cli: Cli) -> None:
    announced = "breaking:\n  - what: variable backend\n    reason: it was never used\n"
    repo.commit({**stack("v2", CLASS), BREAKING: announced})
    repo.checkout()
    result = validated(repo)
    assert [found[:2] for found in moves(result)] == [("CS631", "note")]
    assert "announced: it was never used" in next(f.message for f in result.findings if f.rule == "CS631")
    told = cli("diff", "docker/scs/1-36", "--head", "main", "--base", "main")[1]
    assert "announced: variable backend: it was never used" in told
    code, _, err = cli("publish")
    assert code == 0, err
    facts = json.loads(repo.git("show", "rendered:releases/docker/scs/1-36/v2/release.json"))
    assert facts["breaking"] == [{"what": "variable backend", "reason": "it was never used"}]
    assert "- variable backend: it was never used" in repo.git("show", "rendered:releases/docker/scs/1-36/v2/README.md")
    assert "breaking" not in repo.git("ls-tree", "-r", "--name-only", "rendered")


def test_an_announced_break_that_does_not_happen(repo: GitRepo) -> None:
    announced = "breaking:\n  - what: variable backends\n    reason: x\n  - {what: kubernetes, reason: x}\n"
    repo.commit({**stack("v2", CLASS), BREAKING: announced})
    repo.checkout()
    result = validated(repo)
    found = [f for f in result.findings if f.rule == "CS663"]
    assert [(f.path, f.line, f.severity.value) for f in found] == [(BREAKING, 2, "warning"), (BREAKING, 4, "warning")]
    assert "did you mean 'variable backend'?" in found[0].message
    assert ("CS631", "error") in [each[:2] for each in moves(result)]


@pytest.mark.parametrize("text", [
    "breaking: {}\n", "breaking:\n  - what: x\n", "a: 1\n", "[]\n",
    "breaking: [{what: a, reason: b}, {what: a, reason: c}]\n",
])
def test_a_file_that_announces_nothing(repo: GitRepo, text: str) -> None:
    repo.commit({**stack("v2"), BREAKING: text})
    repo.checkout()
    found = validated(repo).findings
    assert found
    assert {(finding.rule, finding.path) for finding in found} == {("CS313", BREAKING)}


def test_nothing_is_found_in_what_is_published_or_in_a_change_that_breaks_nothing(repo: GitRepo) -> None:
    assert moves(validated(repo)) == []
    wider = WITH.replace("maxLength: 20", "maxLength: 30")
    repo.commit(stack("v2", wider, image="b"))
    repo.checkout()
    assert moves(validated(repo)) == []


def test_the_minor_before_counts_too(repo: GitRepo) -> None:
    repo.commit(stack("v1", CLASS, "1-37"))
    repo.checkout()
    result = validated(repo)
    assert [found[:2] for found in moves(result)] == [("CS631", "error")]
    [finding] = [f for f in result.findings if f.rule == "CS631"]
    assert "docker-scs-1-36-v1 (the last of the minor before)" in finding.message


def test_a_minor_that_is_too_far_is_none_to_move_from(repo: GitRepo) -> None:
    repo.commit(stack("v1", CLASS, "1-38"))
    repo.checkout()
    assert moves(validated(repo)) == []


def test_kubernetes_does_not_go_back(repo: GitRepo) -> None:
    made = stack("v2")
    made[f"{FOLDER}/metadata.yaml"] = made[f"{FOLDER}/metadata.yaml"].replace("v1.36.1", "v1.36.0")
    repo.commit(made)
    repo.checkout()
    [finding] = [f for f in validated(repo).findings if f.rule == "CS662"]
    assert finding.path == f"{FOLDER}/metadata.yaml"


def test_a_yanked_release_is_none_to_move_from(repo: GitRepo, cli: Cli) -> None:
    code, _, err = cli("yank", "docker/scs/1-36/v1", "--reason", "x")
    assert code == 0, err
    repo.commit(stack("v2", CLASS))
    repo.checkout()
    assert moves(validated(repo)) == []


def test_a_change_without_a_version_of_its_own(repo: GitRepo) -> None:
    repo.commit(stack("v1", image="b"))
    repo.checkout()
    [finding] = [f for f in validated(repo).findings if f.rule == "CS660"]
    assert finding.severity.value == "error"
    assert "spec.template.spec.backend.docker.customImage is another" in finding.message
    assert finding.fix
    assert finding.fix.command == "cluster-stacks bump docker/scs/1-36"


def test_a_clone_without_the_branch_says_so(repo: GitRepo) -> None:
    repo.git("branch", "-D", "rendered")
    repo.commit(stack("v2", CLASS))
    repo.checkout()
    assert validated(repo).notes == ()  # there is nowhere else
    repo.git("remote", "add", "origin", "https://git.example/stacks.git")
    result = validated(repo)
    assert moves(result) == []
    assert [note for note in result.notes if "not compared with what is published on rendered" in note]


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: agent, namespace: kube-system}
spec:
  selector: {matchLabels: {app: LABEL}}
  template:
    metadata: {labels: {app: LABEL}}
    spec: {containers: [{name: agent, image: 'registry.example/agent:1.0'}]}
"""


def test_an_object_of_an_addon_that_cannot_change(repo: GitRepo, cli: Cli) -> None:
    path = f"{FOLDER}/cluster-addon/cilium/cilium.yaml"
    repo.commit({**stack("v2"), path: DEPLOYMENT.replace("LABEL", "a")})
    repo.checkout()
    code, _, err = cli("publish")
    assert code == 0, err
    repo.commit({**stack("v3"), path: DEPLOYMENT.replace("LABEL", "b")})
    repo.checkout()
    [finding] = [f for f in validated(repo).findings if f.rule == "CS661"]
    assert (finding.path, finding.line) == (path, 5)
    assert re.search(r"spec\.selector of Deployment kube-system/agent cannot change", finding.message)
