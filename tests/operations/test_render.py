"""Rendering a repository to a folder: what is written, what is left alone, and that nothing half is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.render import render_tree
from gitrepo_plugin import GitRepo

CLASS = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass\nmetadata: {name: <% release_name %>}\n"
IMAGES = f"""\
apiVersion: cluster-stacks.io/v1alpha1
images: [{{name: kind, method: url, url: "kindest/node:<% kubernetes.version %>@sha256:{1:064x}"}}]
"""


def metadata(version: int, kubernetes: str) -> str:
    return (
        f"apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1\nversions:\n  clusterStack: v{version}\n"
        f"  kubernetes: {kubernetes}\n  components:\n    clusterAddon: v1\n    nodeImage: v1\n"
    )


def files(*minors: int, version: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = {
        "providers/docker/scs/shared/cluster-class/class.yaml": CLASS,
        "providers/docker/scs/shared/node-images/images.yaml": IMAGES,
    }
    for minor in minors:
        found[f"providers/docker/scs/1-{minor}/metadata.yaml"] = metadata(version, f"v1.{minor}.1")
    return found


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit(files(35, 36))
    return git_repo.checkout()


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """An empty folder beside the repository."""
    folder = tmp_path / "area"
    folder.mkdir()
    return folder


def test_every_release_and_its_images(repo: GitRepo, area: Path) -> None:
    out = area / "deep" / "out"
    result = render_tree(repo.path, [], out)
    assert result.findings == ()
    assert [folder.path for folder in result.folders] == [
        "releases/docker/scs/1-35/v1", "releases/docker/scs/1-35/node-images/v1",
        "releases/docker/scs/1-36/v1", "releases/docker/scs/1-36/node-images/v1",
    ]
    written = tree(out)
    assert set(written) >= {
        "releases/docker/scs/1-36/v1/release.json", "releases/docker/scs/1-36/v1/cluster-class/clusterclass.yaml",
        "releases/docker/scs/1-36/node-images/v1/image.json",
    }
    assert sum(folder.files for folder in result.folders) == len(written)


def test_one_stack_of_a_state(repo: GitRepo, area: Path) -> None:
    repo.commit(files(36, version=2))
    repo.stage(files(36, version=3))
    repo.write(files(36, version=4))
    for number, (arguments, version) in enumerate([
        ({"head": "main~1"}, "v1"), ({"head": "main"}, "v2"), ({"staged": True}, "v3"), ({}, "v4"),
    ]):
        out = area / str(number)
        result = render_tree(repo.path, ["docker/scs/1-36"], out, **arguments)  # type: ignore[arg-type]
        assert result.folders[0].path == f"releases/docker/scs/1-36/{version}"
        assert not (out / "releases/docker/scs/1-35").exists()


def test_a_release_is_replaced_and_all_else_left_alone(repo: GitRepo, area: Path) -> None:
    render_tree(repo.path, [], area)
    stale = area / "releases/docker/scs/1-36/v1/cluster-class/gone.yaml"
    stale.write_text("stale")
    mine = area / "releases/docker/scs/1-36/mine.txt"
    mine.write_text("mine")
    before = tree(area)
    render_tree(repo.path, ["docker"], area)
    assert set(before) - set(tree(area)) == {str(stale.relative_to(area))}
    assert mine.read_text() == "mine"


def test_one_finding_and_nothing_is_written(repo: GitRepo, area: Path) -> None:
    repo.write({"providers/docker/scs/1-36/cluster-class/x.yaml": "a: <% no %>\n", "providers/docker/scs/nine/x": ""})
    out = area / "deep" / "out"
    result = render_tree(repo.path, [], out)
    assert result.folders == ()
    assert [(f.rule, f.path, f.line) for f in result.findings if f.rule.startswith("CS3")] == [
        ("CS300", "providers/docker/scs/1-36/cluster-class/x.yaml", 1),
    ]
    assert any("nine" in finding.message for finding in result.findings)
    assert result.read("providers/docker/scs/1-36/cluster-class/x.yaml") == b"a: <% no %>\n"
    assert list(area.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_not_ours_is_not_replaced(repo: GitRepo, area: Path, kind: str) -> None:
    place = area / "releases/docker/scs/1-36/v1"
    place.parent.mkdir(parents=True)
    if kind == "folder":
        place.mkdir()
        (place / "precious").write_text("x")
    elif kind == "file":
        place.write_text("x")
    else:
        place.symlink_to(area)
    before = tree(area)
    with pytest.raises(CannotTell, match="was not written by"):
        render_tree(repo.path, [], area)
    assert tree(area) == before


def test_an_output_that_is_a_file(repo: GitRepo, area: Path) -> None:
    (area / "out").write_text("x")
    with pytest.raises(CannotTell, match="is a file"):
        render_tree(repo.path, [], area / "out")


def test_delivery_adds_its_files(repo: GitRepo, area: Path) -> None:
    repo.write({
        ".cluster-stacks.yaml": "generators: [{name: own}]\n",
        "generators/own/generator.yaml": (
            "apiVersion: cluster-stacks.io/v1alpha1\nname: own\nversion: 1.0.0\ndescription: a list\n"
            "outputs: [{template: list.txt, path: list.txt, scope: once}]\n"
        ),
        "generators/own/list.txt": "<% releases | map(attribute='name') | join(',') %>",
    })
    for _ in range(2):
        result = render_tree(repo.path, [], area)
        assert (result.findings, result.folders[-1].path, result.folders[-1].files) == ((), "delivery/own", 1)
        assert (area / "delivery/own/list.txt").read_bytes() == b"docker-scs-1-35-v1,docker-scs-1-36-v1"


def test_a_hostile_stack_costs_its_own_findings(repo: GitRepo, area: Path) -> None:
    repo.write({
        "providers/docker/scs/1-35/cluster-class/x.yaml": "<% ('x' * (2**31)) | length %>",
        "providers/docker/scs/1-36/cluster-class/x.yaml": "<% ([[range(99999) | list] * 99999] * 99) | string %>",
    })
    result = render_tree(repo.path, [], area)
    assert {finding.stack for finding in result.findings} == {"docker/scs/1-35", "docker/scs/1-36"}
    assert {finding.rule for finding in result.findings} <= {"CS302", "CS303"}


def test_the_same_bytes_everywhere(repo: GitRepo, area: Path) -> None:
    other = area / "an other place"
    subprocess.run(["git", "clone", "--quiet", str(repo.path), str(other)], check=True)
    found = []
    for number, (place, extra) in enumerate([
        (repo.path, {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        (other, {"TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"}),
    ]):
        out = area / f"out{number}"
        command = [sys.executable, "-m", "cluster_stacks", "render", "--repo", str(place), "-o", str(out)]
        subprocess.run(command, check=True, env={**os.environ, **extra})
        found.append(tree(out))
    assert found[0] == found[1]
    assert found[0]


def test_the_verb(repo: GitRepo, area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["render", "--repo", str(repo.path), "-o", str(area / "out"), "docker/scs/1-36"]
    assert run(arguments) == 0
    assert capsys.readouterr().out == (
        "releases/docker/scs/1-36/v1/  5 files\nreleases/docker/scs/1-36/node-images/v1/  1 files\n"
    )
    assert run([*arguments, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["folders"][0] == {
        "path": "releases/docker/scs/1-36/v1", "files": 5, "stack": "docker/scs/1-36", "notes": [],
    }
    assert run([*arguments, "--head", "HEAD", "--staged"]) == 2
    assert run([*arguments[:-1], "docker/scs/1-99"]) == 2
    capsys.readouterr()
    repo.write({"providers/docker/scs/1-36/cluster-class/x.yaml": "a: 1\nb: <% vras.x %>\n"})
    assert run(arguments) == 1
    said = capsys.readouterr()
    assert "providers/docker/scs/1-36/cluster-class/x.yaml:2:7" in said.out + said.err
    assert "did you mean 'vars'?" in said.out + said.err
