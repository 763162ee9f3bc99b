"""`clusters`: what the manifests of Clusters say must be one live release of the rendered branch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.clusters import ClustersResult, judge_clusters
from gitrepo_plugin import GitRepo, new_repository
from small_stack import files
from stacks_fixture import copied

SETTINGS = "repositoryURL: https://git.example/stacks.git\ngenerators: [{name: flux}, {name: argocd}]\n"
CLUSTER = """\
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: prod, namespace: team-a}
spec:
  topology:
    classRef:
      name: docker-scs-1-36-v2
    version: v1.36.1
"""
FLUX = """\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: prod-addons, namespace: team-a}
spec:
  path: ./delivery/flux/addons/docker/scs/1-36/v2
  postBuild: {substitute: {cluster_name: prod, cluster_namespace: team-a}}
"""
SECRET = """\
---
apiVersion: v1
kind: Secret
metadata:
  name: cluster-prod
  labels: {argocd.argoproj.io/secret-type: cluster, cluster-stacks.io/release: docker-scs-1-36-v2}
stringData: {name: prod}
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """1-36: v1 (retired), v2, v3 (yanked); its branch has no folder of the addons of v9."""
    repo = new_repository(tmp_path_factory.mktemp("clusters") / "stacks")
    for version, image in (("v1", "a"), ("v2", "b"), ("v3", "c")):
        repo.commit({**files(version=version, image=image), ".cluster-stacks.yaml": SETTINGS})
        assert run(["publish", "--repo", str(repo.path), "--quiet"]) == 0
    for verb, version in (("retire", "v1"), ("yank", "v3")):
        arguments = [verb, "--repo", str(repo.path), f"docker/scs/1-36/{version}", "--reason", "no network", "--quiet"]
        assert run(arguments) == 0
    return repo


@pytest.fixture
def repo(template: GitRepo, tmp_path: Path) -> GitRepo:
    return copied(template, tmp_path / "stacks").checkout()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clusters").mkdir()
    return tmp_path / "clusters"


def judged(repo: GitRepo, folder: Path, text: str) -> list[tuple[str, int, str]]:
    """The findings in a file of that text: rule, line, message."""
    path = folder / "prod.yaml"
    path.write_text(text)
    return [(found.rule, found.line, found.message) for found in judge_clusters(repo.path, [path]).findings]


def test_one_live_release(repo: GitRepo, folder: Path) -> None:
    assert judged(repo, folder, CLUSTER + FLUX + SECRET) == []


def test_of_the_older_api(repo: GitRepo, folder: Path) -> None:
    old = CLUSTER.replace("v1beta2", "v1beta1").replace("classRef:\n      name:", "class:")
    assert judged(repo, folder, old + FLUX) == []
    found = judged(repo, folder, old.replace("v2", "v3") + FLUX)
    assert [each[:2] for each in found] == [("CS521", 6), ("CS523", 13)]


def test_a_class_that_is_not_there(repo: GitRepo, folder: Path) -> None:
    ((rule, line, message),) = judged(repo, folder, CLUSTER.replace("36-v2", "36-v4") + FLUX)
    assert (rule, line) == ("CS520", 7)
    assert message == "the class docker-scs-1-36-v4 is of no release on rendered: did you mean docker-scs-1-36-v2?"


def test_a_class_of_somebody_else(repo: GitRepo, folder: Path) -> None:
    assert judged(repo, folder, CLUSTER.replace("docker-scs-1-36-v2", "quick-start")) == []


@pytest.mark.parametrize(("version", "message"), [
    ("v1", "docker/scs/1-36/v1 is retired (since 2026-01-02: no network): take v2"),
    ("v3", "docker/scs/1-36/v3 is yanked (since 2026-01-02: no network): take v2"),
])
def test_a_release_that_is_not_live(repo: GitRepo, folder: Path, version: str, message: str) -> None:
    text = (CLUSTER + FLUX).replace("36-v2", f"36-{version}").replace("36/v2", f"36/{version}")
    first = judged(repo, folder, text)[0]
    told = message.replace("2026-01-02", first[2].partition("since ")[2][:10])
    assert first == ("CS521", 7, told)


@pytest.mark.parametrize(("version", "has"), [("v1.36.2", "is v1.36.2"), ("1.35.1", "is 1.35.1"), ("", "is missing")])
def test_another_kubernetes(repo: GitRepo, folder: Path, version: str, has: str) -> None:
    (found,) = judged(repo, folder, CLUSTER.replace("version: v1.36.1", f"version: {version}") + FLUX)
    assert found == ("CS522", 8, f"spec.topology.version {has}, and docker-scs-1-36-v2 is for v1.36.1")


def test_without_the_v_it_is_the_same_version(repo: GitRepo, folder: Path) -> None:
    assert judged(repo, folder, CLUSTER.replace("v1.36.1", "1.36.1") + FLUX) == []


def test_addons_of_another_release(repo: GitRepo, folder: Path) -> None:
    found = judged(repo, folder, CLUSTER + FLUX.replace("36/v2", "36/v3") + SECRET.replace("36-v2", "36-v1"))
    its = "and the class of the Cluster prod is docker-scs-1-36-v2"
    assert found == [
        ("CS523", 14, f"the path is that of docker/scs/1-36/v3, {its}"),
        ("CS523", 21, f"the label says docker-scs-1-36-v1, {its}"),
    ]


def test_addons_that_are_not_there(repo: GitRepo, folder: Path) -> None:
    found = judged(repo, folder, CLUSTER + FLUX.replace("delivery/flux", "delivery/other"))
    assert found == [("CS524", 14, "rendered has no folder delivery/other/addons/docker/scs/1-36/v2")]


def test_addons_of_another_cluster_are_not_its(repo: GitRepo, folder: Path) -> None:
    ((rule, line, message),) = judged(repo, folder, CLUSTER + FLUX.replace("prod", "test"))
    assert (rule, line) == ("CS525", 7)
    assert "brings the addons of docker-scs-1-36-v2 (cilium)" in message


def test_a_note_does_not_fail(repo: GitRepo, folder: Path) -> None:
    (folder / "prod.yaml").write_text(CLUSTER)
    assert run(["clusters", "--repo", str(repo.path), str(folder / "prod.yaml")]) == 0


def test_addons_in_a_file_beside(repo: GitRepo, folder: Path) -> None:
    (folder / "addons.yaml").write_text(FLUX.replace("36/v2", "36/v1"))
    path = folder / "prod.yaml"
    path.write_text(CLUSTER)
    (found,) = judge_clusters(repo.path, [path]).findings
    assert (found.rule, found.path) == ("CS523", str(folder / "addons.yaml"))


def test_without_a_cluster_no_branch_is_needed(git_repo: GitRepo, folder: Path) -> None:
    (folder / "a.yaml").write_text("a: 1\n")
    assert judge_clusters(git_repo.path, [folder / "a.yaml"]) == ClustersResult()
    (folder / "b.yaml").write_text(CLUSTER)
    git_repo.commit({"README.md": ""})
    with pytest.raises(CannotTell, match="rendered"):
        judge_clusters(git_repo.path, [folder / "b.yaml"])


def test_without_files_all_that_git_tracks(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = CLUSTER.replace("v1.36.1", "v1.36.9")
    repo.commit({"fleet/a.yaml": wrong, "fleet/n\u00e4her.yml": FLUX, "x.yaml": "a: 1\n"})
    repo.checkout()
    (repo.path / "untracked.yaml").write_text(CLUSTER.replace("36-v2", "36-v7"))
    monkeypatch.chdir(repo.path)
    assert run(["clusters", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [(found["rule"], found["path"]) for found in report["findings"]] == [("CS522", "fleet/a.yaml")]
    assert report["summary"]["clusters"] == 1


def test_what_the_class_does_not_have(repo: GitRepo, folder: Path) -> None:
    """Where Cluster API would refuse the Cluster itself, and not only its release."""
    wrong = CLUSTER + """\
    workers:
      machineDeployments:
        - {class: defualt, name: a}
    variables:
      - {name: size, value: 3}
"""
    found = judged(repo, folder, wrong + FLUX)
    assert [(rule, line) for rule, line, _ in found] == [("CS633", 11), ("CS635", 13)]
    assert "default" in found[0][2]
