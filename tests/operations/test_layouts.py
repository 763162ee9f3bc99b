"""The verbs in a repository of upstream's layouts, without any configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.changes import find_changes
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import Content, GitRepo, metadata

QUESTION = Question(base="main", head="topic")
FLAT = """\
# kept
clusterStack: 'v2'   # the stack
components:
  clusterClass:
    version: v2
  clusterAddon:
    version: v1
  nodeImage: {version: v1}
"""
ROOT = "providers/openstack/scs"
VERSIONS = "- kubernetes: 1.30.4\n  occm: 2.30.1\n- kubernetes: 1.31.2\n  occm: 2.31.0\n"


def chart(name: str) -> str:
    return f"apiVersion: v2\nname: {name}\nversion: v1\n"


def csctl(kubernetes: str, name: str = "scs") -> str:
    return f"config:\n  kubernetesVersion: {kubernetes}\n  clusterStackName: {name}\n  provider:\n    type: openstack\n"


def root() -> dict[str, Content]:
    return {
        f"{ROOT}/versions.yaml": VERSIONS, f"{ROOT}/csctl.yaml": csctl("v1.30.4"),
        f"{ROOT}/cluster-class/Chart.yaml": chart("openstack-scs-1-30-cluster-class"),
        f"{ROOT}/cluster-class/templates/class.yaml": "name: {{ .Release.Name }}\n",
        f"{ROOT}/cluster-addon/ccm/Chart.yaml": chart("ccm"),
        f"{ROOT}/clusteraddon.yaml": "addonStages:\n  AfterControlPlaneInitialized:\n  - {name: ccm, action: apply}\n",
    }


def flat(folder: str = "providers/docker/ferrol/1-26") -> dict[str, Content]:
    return {
        f"{folder}/metadata.yaml": FLAT, f"{folder}/cluster-addon/values.yaml": "a: 1\n",
        f"{folder}/cluster-class/Chart.yaml": "name: docker-ferrol-1-26-cluster-class\nversion: v2\n",
    }


def told(repo: GitRepo) -> list[str]:
    return [f"{f.rule} {f.path}:{f.line} {f.message}" for f in check(repo.path, QUESTION).findings]


def changed(repo: GitRepo) -> dict[str, str]:
    """Stack → status and what changed, in the words of `changes`."""
    found = {}
    for change in find_changes(repo.path, QUESTION).changes:
        layers = [f"{layer}: {' '.join((*why.files, *why.values))}" for layer, why in change.layers.items()]
        kubernetes = [" to ".join(change.kubernetes_texts)] if change.kubernetes_changed else []
        found[str(change.stack)] = "; ".join([str(change.status), *layers, *kubernetes])
    return found


def test_flat_metadata_is_judged_and_bumped(git_repo: GitRepo) -> None:
    git_repo.commit(flat())
    git_repo.commit({"providers/docker/ferrol/1-26/cluster-addon/values.yaml": "a: 2\n"}, branch="topic", parent="main")
    assert sorted(line[:5] for line in told(git_repo)) == ["CS101", "CS102"]
    git_repo.checkout("topic")
    assert len(bump(git_repo.path, [], Question(base="main")).bumps) == 1
    after = git_repo.read("providers/docker/ferrol/1-26/metadata.yaml")
    assert after == FLAT.replace("'v2'", "'v3'").replace("version: v2", "version: v3").replace(
        "Addon:\n    version: v1", "Addon:\n    version: v2"
    )
    left = check(git_repo.path, Question(base="main", worktree=True)).findings
    assert [finding.rule for finding in left] == ["CS162"]  # the chart's own version goes by hand
    assert bump(git_repo.path, [], Question(base="main")).bumps == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FLAT.replace("version: v2", "version: v3"), "clusterClass must be v2"),
        (FLAT.replace("'v2'", "2"), "clusterStack is a number"),
        (FLAT.replace("  nodeImage: {version: v1}\n", ""), "components.nodeImage.version is empty"),
        (FLAT.replace("{version: v1}", "v1"), "components.nodeImage.version is empty"),
    ],
)
def test_flat_metadata_that_is_wrong(git_repo: GitRepo, text: str, message: str) -> None:
    git_repo.commit(flat())
    git_repo.commit({"providers/docker/ferrol/1-26/metadata.yaml": text}, branch="topic", parent="main")
    (line,) = told(git_repo)
    assert message in line


def test_an_edit_of_the_one_folder_reaches_every_minor(git_repo: GitRepo) -> None:
    git_repo.commit(root())
    git_repo.commit({f"{ROOT}/cluster-class/templates/class.yaml": "name: x\n"}, branch="topic", parent="main")
    assert changed(git_repo) == {
        f"openstack/scs/{minor}": "changed; cluster-class: cluster-class/templates/class.yaml"
        for minor in ("1-30", "1-31")
    }
    assert told(git_repo) == []


def test_a_row_of_versions_changes_its_minor(git_repo: GitRepo) -> None:
    git_repo.commit(root())
    text = VERSIONS.replace("2.30.1", "2.30.2").replace("1.31.2", "1.31.3") + "- kubernetes: 1.32.0\n"
    git_repo.commit({f"{ROOT}/versions.yaml": text}, branch="topic", parent="main")
    found = changed(git_repo)
    assert found["openstack/scs/1-30"] == "changed; cluster-addon: occm"
    assert found["openstack/scs/1-31"] == "changed; v1.31.2 to v1.31.3"
    assert found["openstack/scs/1-32"].startswith("new; cluster-class:")
    assert told(git_repo) == []


def test_a_row_that_is_gone_and_a_list_that_is_broken(git_repo: GitRepo) -> None:
    git_repo.commit(root())
    git_repo.commit({f"{ROOT}/versions.yaml": "- kubernetes: 1.30.4\n"}, branch="topic", parent="main")
    assert changed(git_repo)["openstack/scs/1-31"].startswith("removed")
    git_repo.commit({f"{ROOT}/versions.yaml": "- a\n"}, branch="topic", parent="main")
    assert any(line.startswith(f"CS233 {ROOT}/versions.yaml:1 this is no list") for line in told(git_repo))


def test_layers_of_a_family_need_a_layout_that_has_them(git_repo: GitRepo) -> None:
    git_repo.commit({"README.md": "about"})
    git_repo.commit({f"{ROOT}/cluster-class/class.yaml": "a: 1\n"}, branch="topic", parent="main")
    assert [line[:5] for line in told(git_repo)] == ["CS225"]


def test_without_versions_only_the_state_is_judged(git_repo: GitRepo) -> None:
    folder = "providers/openstack/scs/1-34"
    own: dict[str, Content] = {
        f"{folder}/csctl.yaml": csctl("v1.34.1"),
        f"{folder}/cluster-class/Chart.yaml": chart("openstack-scs-1-34-cluster-class"),
        f"{folder}/cluster-class/values.yaml": "image: registry.example.org/ubuntu-kube-v1.34.1.qcow2\n",
    }
    git_repo.commit(own)
    values = (
        "image: registry.example.org/ubuntu-kube-v1.34.0.qcow2 # was kube-v1.33.9\nclass: openstack-scs-1-33-v2\n"
        "name: openstack-scs-v1.34.1-ubuntu-v7\ndescription: since kube-v1.20.0\n"
    )
    git_repo.commit({f"{folder}/cluster-class/values.yaml": values}, branch="topic", parent="main")
    assert changed(git_repo) == {"openstack/scs/1-34": "changed; cluster-class: cluster-class/values.yaml"}
    pin, name = told(git_repo)
    where = f"{folder}/cluster-class/values.yaml"
    assert pin == f"CS152 {where}:1 Kubernetes 1.34.0 is not the stack's v1.34.1: mend it"
    right = "openstack-scs-1-33-v2 is not a release of this stack, openstack-scs-1-34: mend it"
    assert name == f"CS151 {where}:2 {right}"


def test_csctl_alone_changes_kubernetes(git_repo: GitRepo) -> None:
    folder = "providers/openstack/scs/1-34"
    git_repo.commit({f"{folder}/csctl.yaml": csctl("v1.34.1"), f"{folder}/cluster-class/a.yaml": "a: 1\n"})
    git_repo.commit({f"{folder}/csctl.yaml": csctl("v1.34.2", "other")}, branch="topic", parent="main")
    assert changed(git_repo) == {"openstack/scs/1-34": "changed; v1.34.1 to v1.34.2"}
    assert [line[:5] for line in told(git_repo)] == ["CS155"]
    git_repo.commit({f"{folder}/csctl.yaml": csctl("v1.34.1", "other")}, branch="topic", parent="main")
    assert changed(git_repo) == {}
    assert [line[:5] for line in told(git_repo)] == ["CS155"]


def test_both_files_keep_the_version_rules(git_repo: GitRepo) -> None:
    folder = "providers/openstack/scs/1-34"
    git_repo.commit({
        f"{folder}/csctl.yaml": csctl("v1.34.1"), f"{folder}/metadata.yaml": metadata(kubernetes="v1.34.1"),
        f"{folder}/cluster-class/values.yaml": "a: 1\n",
    })
    git_repo.commit({f"{folder}/cluster-class/values.yaml": "a: 2\n"}, branch="topic", parent="main")
    assert [line[:5] for line in told(git_repo)] == ["CS101"]


def test_a_stack_comes_and_goes(git_repo: GitRepo) -> None:
    folder = "providers/openstack/scs/1-34"
    own: dict[str, Content] = {f"{folder}/csctl.yaml": csctl("v1.34.1"), f"{folder}/cluster-class/a.yaml": "a: 1\n"}
    git_repo.commit({"README.md": "about"})
    git_repo.commit(own, branch="topic", parent="main")
    assert changed(git_repo)["openstack/scs/1-34"].startswith("new")
    assert told(git_repo) == []
    git_repo.commit(own)
    git_repo.commit(dict.fromkeys(own), branch="topic", parent="main")
    assert changed(git_repo)["openstack/scs/1-34"].startswith("removed")
    assert [line[:5] for line in told(git_repo)] == ["CS109"]


def test_from_one_folder_to_folders_of_minors(git_repo: GitRepo) -> None:
    git_repo.commit(root())
    moved: dict[str, Content] = {
        path.replace(ROOT, f"{ROOT}/1-30"): text for path, text in root().items() if "versions" not in path
    }
    git_repo.commit(moved | dict.fromkeys(root()), branch="topic", parent="main")
    found = changed(git_repo)
    assert found.pop("openstack/scs/1-31").startswith("removed")
    assert found == {"openstack/scs/1-30": "changed; cluster-addon: occm"}
    assert told(git_repo)[0].startswith("CS109")


def test_list_and_json(git_repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    git_repo.commit(root() | flat())
    git_repo.checkout()
    assert run(["list", "--repo", str(git_repo.path)]) == 0
    assert capsys.readouterr().out == """\
STACK               VERSION  KUBERNETES  ADDONS  NODE IMAGES
docker/ferrol/1-26  v2       v1.26       v1 -    v1 -
openstack/scs/1-30  -        v1.30.4     - ccm   - -
openstack/scs/1-31  -        v1.31.2     - ccm   - -
"""
    assert run(["list", "--repo", str(git_repo.path), "openstack", "--format", "json"]) == 0
    first = json.loads(capsys.readouterr().out)["stacks"][0]
    assert first["versions"] == {"kubernetes": "v1.30.4"}


@pytest.mark.parametrize("verb", ["render", "validate", "publish"])
def test_what_renders_refuses_with_one_finding(
    git_repo: GitRepo, verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repo.commit({
        "providers/docker/ferrol/1-27/metadata.yaml": metadata(kubernetes="v1.27.3"),
        "providers/docker/ferrol/1-27/cluster-addon/Chart.yaml": chart("docker-ferrol-1-27-cluster-addon"),
    })
    git_repo.checkout()
    more = ["-o", str(tmp_path / "out")] if verb == "render" else []
    assert run([verb, "--repo", str(git_repo.path), *more]) == 1
    printed = capsys.readouterr()
    text = printed.out + printed.err
    assert text.count("CS234") == 1
    assert "docs/layouts.md" in text


def test_staged_edits_of_the_one_folder(git_repo: GitRepo) -> None:
    git_repo.commit(root())
    git_repo.checkout().stage({f"{ROOT}/csctl.yaml": csctl("v1.30.5")})
    findings = check(git_repo.path, Question(staged=True)).findings
    assert [finding.rule for finding in findings] == ["CS155"]
    assert check(git_repo.path, Question(staged=True), all_stacks=True).judged == 2
