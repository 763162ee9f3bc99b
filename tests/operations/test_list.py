"""`list`: stacks, versions, Kubernetes, addons, images."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.operations.list_stacks import list_stacks
from gitrepo_plugin import GitRepo, new_repository, stack

FAMILY = "providers/docker/scs"
IMAGES = """\
images:
#% if true
  - {name: ubuntu-2404, method: url, url: "https://example.org/<% kubernetes.version %>"}
#% endif
  - name: flatcar
    method: build
"""


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit({
        **stack("docker/scs/1-9", "v12"), **stack("docker/scs/1-10"),
        f"{FAMILY}/shared/cluster-addon/metrics-server/values.yaml": "a: 1\n",
        f"{FAMILY}/shared/cluster-addon/README.md": "about",
        f"{FAMILY}/1-9/node-images/images.yaml": IMAGES,
        f"{FAMILY}/1-10/overlay.yaml": "remove: [cluster-addon/metrics-server]\n",
    })
    return git_repo.checkout()


def test_a_table(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "--repo", str(repo.path)]) == 0
    assert capsys.readouterr().out == """\
STACK            VERSION  KUBERNETES  ADDONS                     NODE IMAGES
docker/scs/1-9   v12      v1.9.1      v1 cilium, metrics-server  v1 ubuntu-2404, flatcar
docker/scs/1-10  v1       v1.10.1     v1 cilium                  v1 -
"""


def test_json(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "--repo", str(repo.path), "docker/scs/1-9", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["stacks"] == [{
        "stack": "docker/scs/1-9",
        "versions": {"clusterStack": "v12", "kubernetes": "v1.9.1", "clusterAddon": "v1", "nodeImage": "v1"},
        "addons": ["cilium", "metrics-server"],
        "images": [{"name": "ubuntu-2404", "method": "url"}, {"name": "flatcar", "method": "build"}],
    }]


def test_of_the_work_tree_the_index_or_a_commit(repo: GitRepo) -> None:
    repo.stage(stack("docker/scs/1-11")).write(stack("docker/scs/1-12"))

    def minors(**options: str | bool) -> list[str]:
        return [item.stack.minor for item in list_stacks(repo.path, **options).stacks]  # type: ignore[arg-type]

    assert minors() == ["1-9", "1-10", "1-11", "1-12"]
    assert minors(staged=True) == ["1-9", "1-10", "1-11"]
    assert minors(head="HEAD") == ["1-9", "1-10"]


def test_what_cannot_be_listed_is_told_beside_the_others(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.write({f"{FAMILY}/1-9/metadata.yaml": "x: 1\n", f"{FAMILY}/docs/x": "1"})
    assert run(["list", "--repo", str(repo.path)]) == 1
    captured = capsys.readouterr()
    assert "docker/scs/1-10" in captured.out
    assert "no Kubernetes minor" in captured.err
    assert f"{FAMILY}/1-9/metadata.yaml" in captured.err


def test_an_images_file_that_is_no_yaml_before_it_is_rendered(repo: GitRepo) -> None:
    repo.write({f"{FAMILY}/1-9/node-images/images.yaml": "images: <% vars.images %>\n  - x: [\n"})
    assert list_stacks(repo.path, ["docker/scs/1-9"]).stacks[0].images == {}


def test_a_single_chart_of_older_layouts_has_no_name(git_repo: GitRepo) -> None:
    git_repo.commit({**stack(), f"{FAMILY}/1-36/cluster-addon/Chart.yaml": "name: x\n"})
    assert list_stacks(git_repo.path, head="main").stacks[0].addons == ()


def test_nothing_at_all(git_repo: GitRepo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git_repo.stage({"README.md": ""})
    assert run(["list", "--repo", str(git_repo.path)]) == 0
    assert capsys.readouterr().err == "there is no stack below providers/\n"
    assert run(["list", "--repo", str(git_repo.path), "docker"]) == 2
    bare = new_repository(tmp_path / "bare", bare=True)
    bare.commit(stack())
    assert len(list_stacks(bare.path).stacks) == 1
