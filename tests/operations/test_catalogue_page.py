"""`catalogue`: the page of a rendered branch, with what differs between its releases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from cluster_stacks.cli.main import run
from gitrepo_plugin import GitRepo, new_repository
from small_stack import CLASS, STACK, files

SETTINGS = "repositoryURL: https://git.example/stacks.git\n"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """1-36: v1 (yanked), v2, v3 with another class of workers; 1-37: v1."""
    repo = new_repository(tmp_path_factory.mktemp("catalogue") / "stacks")
    own = f"{STACK}/1-36/cluster-class/class.yaml"
    for change in (
        {**files(), **files("1-37"), ".cluster-stacks.yaml": SETTINGS}, files(version="v2", image="b"),
        {
            **files(version="v3", image="b"), own: CLASS.replace("class: default", "class: other"),
            own.replace("class.yaml", "breaking.yaml"): "breaking: [{what: machineDeployment default, reason: gone}]\n",
        },
    ):
        repo.commit(change)
        assert run(["publish", "--repo", str(repo.path), "--quiet"]) == 0
    assert run(["yank", "--repo", str(repo.path), "docker/scs/1-36/v1", "--reason", "bad <b>", "--quiet"]) == 0
    return repo


def tree(text: str) -> etree._Element:
    return etree.fromstring(text.removeprefix("<!DOCTYPE html>").encode())


def words(part: etree._Element) -> str:
    return " ".join("".join(part.itertext()).split())


def test_the_page_of_the_verb(repo: GitRepo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalogue", "--repo", str(repo.path), "-o", str(tmp_path / "out" / "page"), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["branch"], told["releases"], told["stacks"]) == ("rendered", 3, 1)
    page = tree((tmp_path / "out" / "page" / "index.html").read_text())
    rows = [words(row) for row in page.xpath("//tbody/tr")]
    assert rows[0].startswith("1.37 v1 live v1.37.")
    assert rows[1].startswith("1.36 v3 live")
    assert rows[3].startswith("1.36 v1 yanked since ")
    assert rows[3].endswith(": bad <b>")
    newest = words(page.xpath("//details[@id='docker-scs-1-36-v3']")[0])
    assert "What differs from docker-scs-1-36-v2" in newest
    assert "the move of a Cluster: depends on the Cluster" in newest
    assert '"https://git.example/stacks.git"' in newest
    assert "path: ./releases/docker/scs/1-36/v3" in newest
    assert "What differs" not in words(page.xpath("//details[@id='docker-scs-1-36-v2']")[0])


def test_the_page_on_the_branch_tells_what_release_json_tells(repo: GitRepo) -> None:
    page = tree(repo.git("show", "rendered:catalogue.html"))
    newest = words(page.xpath("//details[@id='docker-scs-1-36-v3']")[0])
    assert "~ clusterStack: v2 → v3" in newest
    assert "+ workers other" in newest
    assert "- workers default" in newest
    assert "the move of a Cluster" not in newest


def test_the_same_twice(repo: GitRepo, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run(["catalogue", "--repo", str(repo.path), "-o", str(tmp_path / name), "--quiet"]) == 0
    assert (tmp_path / "a/index.html").read_bytes() == (tmp_path / "b/index.html").read_bytes()
    assert (tmp_path / "a/catalogue.json").read_text() == repo.git("show", "rendered:catalogue.json") + "\n"


def test_where_there_is_no_branch(git_repo: GitRepo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git_repo.commit({"README.md": ""})
    assert run(["catalogue", "--repo", str(git_repo.path), "-o", str(tmp_path / "out")]) == 2
    assert "fetch it" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written(repo: GitRepo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(["catalogue", "--repo", str(repo.path), "-o", str(tmp_path / "file" / "page")]) == 2
    assert "cannot be written" in capsys.readouterr().err
