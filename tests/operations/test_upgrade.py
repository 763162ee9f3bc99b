"""`upgrade`: the manifest of a Cluster goes to another release by the smallest edit, or stays as it is."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.operations.upgrade import UpgradeResult, upgrade
from gitrepo_plugin import GitRepo, new_repository
from small_stack import CLASS, STACK, files
from stacks_fixture import copied

SETTINGS = "repositoryURL: https://git.example/stacks.git\ngenerators: [{name: flux}, {name: argocd}]\n"
VARIABLE = """\
  variables:
    - name: size
      required: true
      schema: {openAPIV3Schema: {type: string}}
"""
V1, V2, NEXT = "docker-scs-1-36-v1", "docker-scs-1-36-v2", "docker-scs-1-37-v1"
CLUSTER = f"""\
# production
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {{name: prod, namespace: team-a}}
spec:
  topology:
    classRef:
      name: {V1}  # the class
    version: "v1.36.1"
    workers: {{machineDeployments: [{{class: default, name: a}}]}}
"""
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: prod-addons, namespace: team-a}
spec:
  path: './delivery/flux/addons/docker/scs/1-36/v1'   # addons
  postBuild: {substitute: {cluster_name: prod, cluster_namespace: team-a}}
"""
SECRET = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: cluster-prod
  labels: {{argocd.argoproj.io/secret-type: cluster, cluster-stacks.io/release: {V1}}}
stringData: {{name: prod}}
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """1-36: v1, v2, v3 (another class of workers), v4 (a required variable); 1-37: v1, v2 (yanked); 1-38: v1."""
    repo = new_repository(tmp_path_factory.mktemp("upgrade") / "stacks")
    repo.commit({**files(), **files("1-37"), **files("1-38"), ".cluster-stacks.yaml": SETTINGS})
    publish(repo)
    repo.commit({**files(version="v2", image="b"), **files("1-37", "v2", "b")})
    publish(repo)
    own, told = (f"{STACK}/1-36/cluster-class/{name}.yaml" for name in ("class", "breaking"))
    breaks = "breaking: [{what: WHAT, reason: on purpose}]\n".replace("WHAT", "machineDeployment default")
    repo.commit({**files(version="v3", image="b"), own: CLASS.replace("class: default", "class: other"), told: breaks})
    publish(repo)
    breaks = "breaking:\n" + "".join(
        f"  - {{what: {what}, reason: on purpose}}\n" for what in ("machineDeployment other", "variable size")
    )
    repo.commit({**files(version="v4", image="b"), own: CLASS + VARIABLE, told: breaks})
    publish(repo)
    assert run(["yank", "--repo", str(repo.path), "docker/scs/1-37/v2", "--reason", "no network", "--quiet"]) == 0
    return repo


def publish(repo: GitRepo) -> None:
    assert run(["publish", "--repo", str(repo.path), "--quiet"]) == 0


@pytest.fixture
def repo(template: GitRepo, tmp_path: Path) -> GitRepo:
    return copied(template, tmp_path / "stacks").checkout()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the manifests stand: not in the repository of the stacks."""
    (tmp_path / "clusters").mkdir()
    return tmp_path / "clusters"


def write(folder: Path, **contents: str) -> Path:
    """Files by their names; gives that of the Cluster."""
    for name, text in contents.items():
        (folder / f"{name}.yaml").write_bytes(text.encode())
    return folder / "cluster.yaml"


def refusals(result: UpgradeResult) -> tuple[str, ...]:
    return result.clusters[0].judgement.refused


def test_class_version_and_addons_move_together(repo: GitRepo, folder: Path) -> None:
    file = write(folder, cluster=CLUSTER, addons=FLUX, secret=SECRET, other="a: [\n")
    result = upgrade(repo.path, [file], "1-37/v1")
    assert result.written
    assert not result.refused
    assert file.read_text() == CLUSTER.replace(V1, NEXT).replace("v1.36.1", "v1.37.1")
    assert (folder / "addons.yaml").read_text() == FLUX.replace("1-36/v1", "1-37/v1")
    assert (folder / "secret.yaml").read_text() == SECRET.replace(V1, NEXT)
    (move,) = result.clusters
    assert (move.before, move.after, move.judgement.depends) == (V1, NEXT, ())
    assert move.judgement.rolls == ("all machines: Kubernetes v1.36.1 becomes v1.37.1",)
    assert "addons first" in move.notes[0]


def test_what_rolls_within_a_minor(repo: GitRepo, folder: Path) -> None:
    result = upgrade(repo.path, [write(folder, cluster=CLUSTER)], "v2")
    assert result.clusters[0].judgement.rolls == (
        "control plane: backend.docker.customImage changed",
        "machineDeployment default: backend.docker.customImage changed",
    )
    assert "nothing that brings the addons of prod" in result.clusters[0].notes[0]


def test_one_file_with_everything_in_it(repo: GitRepo, folder: Path) -> None:
    other = CLUSTER.replace("prod", "test")
    text = "\ufeff" + f"---\n{FLUX}---\n# nothing\n---\n{other}---\n{CLUSTER}---\n{SECRET}".replace("\n", "\r\n")
    file = write(folder, cluster=text)
    result = upgrade(repo.path, [file], "v2", cluster="prod")
    assert [move.cluster.name for move in result.clusters] == ["prod"]
    head, _, tail = text.rpartition("# production")
    expected = head.replace("1-36/v1", "1-36/v2") + "# production" + tail.replace(V1, V2)
    assert file.read_bytes().decode() == expected


def test_the_older_api(repo: GitRepo, folder: Path) -> None:
    old = CLUSTER.replace("v1beta2", "v1beta1").replace(f"classRef:\n      name: {V1}", f"class: {V1}")
    file = write(folder, cluster=old)
    assert upgrade(repo.path, [file], "docker/scs/1-36/v2").written
    assert file.read_text() == old.replace(V1, V2)


def test_addons_that_moved_before(repo: GitRepo, folder: Path) -> None:
    file = write(folder, cluster=CLUSTER, addons=FLUX.replace("1-36/v1", "1-36/v2"))
    result = upgrade(repo.path, [file], "v2")
    assert [edit.at.place[-1] for edit in result.clusters[0].edits] == ["name"]
    assert (folder / "addons.yaml").read_text() == FLUX.replace("1-36/v1", "1-36/v2")


def test_twice_is_once(repo: GitRepo, folder: Path) -> None:
    file = write(folder, cluster=CLUSTER, addons=FLUX)
    assert upgrade(repo.path, [file], "v2").written
    again = upgrade(repo.path, [file], "v2")
    assert not again.written
    assert not again.refused
    assert again.clusters[0].edits == ()


def test_a_class_that_moved_without_its_version(repo: GitRepo, folder: Path) -> None:
    file = write(folder, cluster=CLUSTER.replace(V1, NEXT))
    result = upgrade(repo.path, [file], "v1", dry_run=True)
    assert [edit.new for edit in result.clusters[0].edits] == ["v1.37.1"]
    assert result.clusters[0].judgement.rolls == ("all machines: Kubernetes v1.36.1 becomes v1.37.1",)
    file = write(folder, cluster=CLUSTER.replace(V1, NEXT).replace("1.36.1", "1.38.0"))
    assert refusals(upgrade(repo.path, [file], "v1")) == ("Kubernetes goes down, from v1.38.0 to v1.37.1",)


@pytest.mark.parametrize("whose", [
    FLUX.replace("cluster_name: prod", "cluster_name: test"),
    FLUX.replace("cluster_namespace: team-a", "cluster_namespace: team-b"),
    SECRET.replace("name: prod", "name: test"),
])
def test_what_is_of_another_cluster_stays(repo: GitRepo, folder: Path, whose: str) -> None:
    upgrade(repo.path, [write(folder, cluster=CLUSTER, other=whose)], "v2")
    assert (folder / "other.yaml").read_text() == whose


@pytest.mark.parametrize("whose", [
    FLUX.replace("  postBuild: {substitute: {cluster_name: prod, cluster_namespace: team-a}}\n", ""),
    SECRET.replace("stringData: {name: prod}", ""),
    SECRET.replace("stringData: {name: prod}", f"data: {{name: {base64.b64encode(b'prod').decode()}}}"),
    SECRET.replace("kind: Secret", "kind: SealedSecret"),
])
def test_what_does_not_say_whose_it_is(repo: GitRepo, folder: Path, whose: str) -> None:
    upgrade(repo.path, [write(folder, cluster=CLUSTER, other=whose)], "v2")
    assert (folder / "other.yaml").read_text() == whose.replace("1-36/v1", "1-36/v2").replace(V1, V2)


@pytest.mark.parametrize(("to", "edit", "said"), [
    ("1-38/v1", ("", ""), "Kubernetes skips a minor, from v1.36.1 to v1.38.1"),
    ("v2", ('"v1.36.1"', "1.37.0"), "Kubernetes goes down, from v1.37.0 to v1.36.1"),
    ("1-37/v2", ("", ""), "docker/scs/1-37/v2 is yanked (since then: no network): take v1"),
    ("v3", ("", ""), "the Cluster uses machineDeployment default, which the class no longer has"),
    ("v4", ("", ""), "the Cluster does not set the variable size, which the class requires"),
])
def test_what_is_refused_is_not_written(
    repo: GitRepo, folder: Path, to: str, edit: tuple[str, str], said: str
) -> None:
    text = CLUSTER.replace(*edit) if edit[0] else CLUSTER
    file = write(folder, cluster=text, addons=FLUX)
    result = upgrade(repo.path, [file], to)
    assert [re.sub(r"since [\d-]+", "since then", reason) for reason in refusals(result)] == [said]
    assert not result.written
    assert (file.read_text(), (folder / "addons.yaml").read_text()) == (text, FLUX)


@pytest.mark.parametrize(("to", "text"), [
    ("v3", CLUSTER.replace("class: default", "class: mine")),
    ("v4", CLUSTER + "    variables: [{name: size, value: big}]\n"),
])
def test_conditions_are_judged_by_the_cluster(repo: GitRepo, folder: Path, to: str, text: str) -> None:
    assert refusals(upgrade(repo.path, [write(folder, cluster=text)], to)) == ()


def test_a_path_that_the_branch_lacks(repo: GitRepo, folder: Path) -> None:
    file = write(folder, cluster=CLUSTER, addons=FLUX.replace("delivery/flux", "delivery/mine"))
    assert refusals(upgrade(repo.path, [file], "v2")) == (
        f"{folder}/addons.yaml:5: rendered has no delivery/mine/addons/docker/scs/1-36/v2",
    )
    assert file.read_text() == CLUSTER


@pytest.mark.parametrize(("to", "text", "said"), [
    ("v44", CLUSTER, r"has no release v44 on rendered: did you mean v4\? there is v1, v2, v3, v4"),
    ("docker/scs/1-63/v1", CLUSTER, r"did you mean docker/scs/1-36 or"),
    ("1.37", CLUSTER, "is not a version such as v3"),
    ("a/b/c/v1", CLUSTER, "is no release"),
    ("v2", CLUSTER.replace("1-36", "1-63"), rf"cluster.yaml:8: the class docker-scs-1-63-v1 .*did you mean {V1}"),
    ("v2", CLUSTER.replace(V1, f"{V1}-mine"), f"{V1} has no class {V1}-mine: there is {V1}"),
    ("v2", CLUSTER.replace('"v1.36.1"', "${VERSION}"), "yaml:8: spec.topology.version: .* what the Cluster has"),
    ("v2", CLUSTER.replace('version: "v1.36.1"', "x: y"), "spec.topology.version: it is missing"),
    ("v2", "kind: ConfigMap\n", "holds no Cluster with spec.topology"),
    ("v2", CLUSTER.replace(V1, "''"), "names no class"),
])
def test_what_is_not_known(repo: GitRepo, folder: Path, to: str, text: str, said: str) -> None:
    file = write(folder, cluster=text)
    with pytest.raises(CannotTell, match=said):
        upgrade(repo.path, [file], to)
    assert file.read_text() == text


def test_a_file_that_cannot_be_edited(repo: GitRepo, folder: Path) -> None:
    text = CLUSTER.replace(f"{V1}  #", f"&c {V1}  #")
    file = write(folder, cluster=text, addons=FLUX)
    with pytest.raises(Refused, match="is shared by '&c'"):
        upgrade(repo.path, [file], "v2")
    assert (folder / "addons.yaml").read_text() == FLUX


def test_a_clone_without_the_branch(repo: GitRepo, folder: Path) -> None:
    with pytest.raises(CannotTell, match="git fetch origin live"):
        upgrade(repo.path, [write(folder, cluster=CLUSTER)], "v2", branch="live")
    with pytest.raises(CannotTell, match="no branch that cluster-stacks wrote"):
        upgrade(repo.path, [write(folder, cluster=CLUSTER)], "v2", branch="main")


def test_which_environment(repo: GitRepo, folder: Path) -> None:
    settings = "environments:\n- {name: staging, branch: rendered}\n- {name: live, branch: live}\n"
    repo.write({".cluster-stacks.yaml": settings})
    file = write(folder, cluster=CLUSTER)
    with pytest.raises(CannotTell, match="--environment: staging, live"):
        upgrade(repo.path, [file], "v2")
    with pytest.raises(CannotTell, match=r"there is no environment stagin: did you mean staging\?"):
        upgrade(repo.path, [file], "v2", environment="stagin")
    assert upgrade(repo.path, [file], "v2", environment="staging").written


def test_the_command(repo: GitRepo, folder: Path, root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = write(folder, cluster=CLUSTER, addons=FLUX)
    at = ["upgrade", "--repo", str(repo.path), str(file)]
    schema = json.loads((root / "schemas/upgrade.schema.json").read_bytes())
    assert run([*at, "--to", "v2", "--dry-run", "--format", "json"]) == 0
    result = json.loads(capfd.readouterr().out)
    jsonschema.validate(result, schema)
    assert [edit["new"] for edit in result["clusters"][0]["edits"]] == [V2, "./delivery/flux/addons/docker/scs/1-36/v2"]
    assert file.read_text() == CLUSTER
    assert run([*at, "--to", "1-38/v1"]) == 1
    out, err = capfd.readouterr()
    assert "refused: Kubernetes skips a minor" in out
    assert err == "nothing was written\n"
    assert run([*at, "--to", "v9"]) == 2
    assert run([*at, "--to", "v2"]) == 0
    assert capfd.readouterr().out.splitlines()[0] == f"{file}:8: Cluster prod: {V1} → {V2}"
    assert run([*at, "--to", "v2"]) == 0
    assert "it is there already" in capfd.readouterr().out
