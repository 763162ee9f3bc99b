"""`changes`: which layers of which stacks."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.stack import Layer
from cluster_stacks.operations.changes import find_changes
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import GitRepo, metadata, stack

FAMILY = "providers/docker/scs"
ARGS = ["changes", "--base", "main", "--head", "topic", "--repo"]


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit({
        **stack(), **stack("docker/scs/1-37"), **stack("openstack/scs/1-36"),
        f"{FAMILY}/shared/node-images/build.sh": "1",
        f"{FAMILY}/1-36/cluster-addon/ccm/values.yaml": "tag: <% kubernetes.version %>\n",
    })
    gone = dict.fromkeys(stack("openstack/scs/1-36"))
    git_repo.commit({
        f"{FAMILY}/1-36/cluster-class/class.yaml": "a: 2\n",
        f"{FAMILY}/1-36/metadata.yaml": metadata("v1", "v1.36.2"),
        f"{FAMILY}/shared/node-images/build.sh": "2",
        **stack("docker/scs/1-38"), **gone,
    }, branch="topic", parent="main")
    return git_repo


def test_layers_of_stacks(repo: GitRepo) -> None:
    found = find_changes(repo.path, Question(base="main", head="topic")).changes
    assert [(str(change.stack), change.status.value, [layer.value for layer in change.layers]) for change in found] == [
        ("docker/scs/1-36", "changed", ["cluster-class", "cluster-addon", "node-images"]),
        ("docker/scs/1-37", "changed", ["node-images"]),
        ("docker/scs/1-38", "new", ["cluster-class", "cluster-addon", "node-images"]),
        ("openstack/scs/1-36", "removed", ["cluster-class", "cluster-addon", "node-images"]),
    ]
    first = found[0].layers
    assert first[Layer.CLUSTER_ADDON].values == ("kubernetes.version, read by ccm/values.yaml",)
    assert first[Layer.NODE_IMAGES].shared == {"node-images/build.sh"}


def test_json_follows_its_schema(repo: GitRepo, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ARGS, str(repo.path), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    jsonschema.validate(result, json.loads((root / "schemas/changes.schema.json").read_text()))
    first, _, new, gone = result["stacks"]
    assert first["base"] == {"clusterStack": "v1", "kubernetes": "v1.36.1", "clusterAddon": "v1", "nodeImage": "v1"}
    assert first["expected"] == {"clusterStack": "v2", "kubernetes": "v1.36.2", "clusterAddon": "v2", "nodeImage": "v2"}
    assert (new["base"], gone["head"], gone["expected"]) == (None, None, None)


def test_text(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ARGS, str(repo.path)]) == 0
    assert capsys.readouterr().out == """\
docker/scs/1-36 v1
  cluster-class
    cluster-class/class.yaml
  cluster-addon
    kubernetes.version, read by ccm/values.yaml
  node-images
    node-images/build.sh (shared)
  kubernetes v1.36.1 to v1.36.2
docker/scs/1-37 v1
  node-images
    node-images/build.sh (shared)
docker/scs/1-38 (new) v1
  cluster-class
    cluster-class/class.yaml (added)
  cluster-addon
    cluster-addon/cilium/Chart.yaml (added)
    cluster-addon/cilium/values.yaml (added)
  node-images
    node-images/build.sh (added, shared)
    node-images/images.yaml (added)
openstack/scs/1-36 (removed) v1
  cluster-class
    cluster-class/class.yaml (removed)
  cluster-addon
    cluster-addon/cilium/Chart.yaml (removed)
    cluster-addon/cilium/values.yaml (removed)
  node-images
    node-images/images.yaml (removed)
"""


def test_nothing(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["changes", "--repo", str(repo.path), "--base", "main", "--head", "main"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "no stack changed\n")


def test_a_stack_that_cannot_be_read_is_told_too(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({f"{FAMILY}/1-37/metadata.yaml": "x: 1\n"}, branch="topic")
    assert run([*ARGS, str(repo.path)]) == 1
    captured = capsys.readouterr()
    assert "docker/scs/1-36 v1" in captured.out
    assert f"{FAMILY}/1-37/metadata.yaml:1:" in captured.err
