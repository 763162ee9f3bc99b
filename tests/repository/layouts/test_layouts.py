"""Upstream's layouts: which stacks a repository has, and what they are."""

from __future__ import annotations

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.layout import Layout
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackSource, StackState
from cluster_stacks.model.version import KubernetesVersion
from cluster_stacks.repository.effective import load_stack, load_stacks, load_states
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.repository.stacks import discover, select
from gitrepo_plugin import Content, GitRepo, Special, link, metadata, stack, submodule

FLAT = """\
clusterStack: v2
components:
  clusterClass:
    version: v2
  clusterAddon:
    version: v1
  nodeImage:
    version: v1
"""
CHART = "apiVersion: v2\nname: a\nversion: v1\n"


def csctl(kubernetes: str = "v1.30.4", name: str = "scs", provider: str = "openstack") -> str:
    return (
        "apiVersion: csctl.clusterstack.x-k8s.io/v1alpha1\nconfig:\n"
        f"  kubernetesVersion: {kubernetes}\n  clusterStackName: {name}\n  provider:\n    type: {provider}\n"
    )


def charts(folder: str) -> dict[str, Content]:
    return {
        f"{folder}/cluster-class/Chart.yaml": CHART, f"{folder}/cluster-class/templates/class.yaml": "a: 1\n",
        f"{folder}/cluster-addon/Chart.yaml": CHART, f"{folder}/node-images/config.yaml": "images: 1\n",
    }


ROOT = "providers/openstack/scs"
VERSIONS = "- kubernetes: 1.30.4\n  cinder_csi: 2.30.1\n  occm: 2.30\n- kubernetes: 1.31.2\n  cinder_csi: 2.31.0\n"


def states(repo: GitRepo) -> dict[str, StackState | Refused]:
    snapshot = CommitSnapshot(Git.discover(repo.path))
    stacks = discover(snapshot).stacks
    return dict(zip(map(str, stacks), load_states(snapshot, stacks), strict=True))


def state(repo: GitRepo, stack: str) -> StackState:
    found = states(repo)[stack]
    assert isinstance(found, StackState), found
    return found


def test_flat_metadata(git_repo: GitRepo) -> None:
    folder = "providers/docker/ferrol/1-26"
    own = {f"{folder}/metadata.yaml": FLAT, f"{folder}/topology-docker.yaml": "kind: Cluster\n"}
    git_repo.commit({**charts(folder), **own})
    found = state(git_repo, "docker/ferrol/1-26")
    assert found.layout is Layout.FLAT
    assert found.metadata
    assert found.metadata.as_dict() == {
        "clusterStack": "v2", "kubernetes": "v1.26", "clusterAddon": "v1", "nodeImage": "v1",
    }
    assert found.kubernetes is None
    assert "topology-docker.yaml" in found.layer(Layer.CLUSTER_CLASS)


def test_umbrella_charts_with_the_specifications_metadata(git_repo: GitRepo) -> None:
    folder = "providers/docker/ferrol/1-27"
    git_repo.commit({**charts(folder), f"{folder}/metadata.yaml": metadata(kubernetes="v1.27.3")})
    found = state(git_repo, "docker/ferrol/1-27")
    assert (found.layout, found.kubernetes) == (Layout.CHARTS, KubernetesVersion(1, 27, 3))


@pytest.mark.parametrize(("more", "version"), [({}, None), ({"metadata.yaml": metadata(kubernetes="v1.30.2")}, "v1")])
def test_csctl_with_and_without_metadata(git_repo: GitRepo, more: dict[str, str], version: str | None) -> None:
    folder = "providers/openstack/scs/1-30"
    own = {f"{folder}/{name}": text for name, text in more.items()}
    git_repo.commit({**charts(folder), f"{folder}/csctl.yaml": csctl(), **own})
    found = state(git_repo, "openstack/scs/1-30")
    assert found.layout is Layout.CSCTL
    assert (str(found.metadata.cluster_stack) if found.metadata else None) == version
    assert str(found.kubernetes) == ("v1.30.2" if version else "v1.30.4")


def test_one_folder_for_all_minors(git_repo: GitRepo) -> None:
    git_repo.commit({
        **charts(ROOT), f"{ROOT}/versions.yaml": VERSIONS, f"{ROOT}/csctl.yaml": csctl(), f"{ROOT}/hack/x.sh": "x",
        f"{ROOT}/README.md": "about", **stack("openstack/scs/1-32"),
    })
    found = states(git_repo)
    assert list(found) == ["openstack/scs/1-30", "openstack/scs/1-31", "openstack/scs/1-32"]
    first, second, third = found.values()
    assert isinstance(first, StackState)
    assert isinstance(second, StackState)
    assert (first.layout, second.layout) == (Layout.VERSIONS, Layout.VERSIONS)
    assert (str(first.kubernetes), str(second.kubernetes)) == ("v1.30.4", "v1.31.2")
    assert first.vars == {"cinder_csi": "2.30.1", "occm": "2.30"}
    assert first.files["cluster-class/Chart.yaml"].path == f"{ROOT}/cluster-class/Chart.yaml"
    assert set(first.layer(Layer.CLUSTER_ADDON)) == {"cluster-addon/Chart.yaml"}
    assert isinstance(third, StackSource)
    snapshot = CommitSnapshot(Git.discover(git_repo.path))
    assert discover(snapshot).findings == ()
    assert len(select(discover(snapshot).stacks, [f"{ROOT}/cluster-class/Chart.yaml"])) == 3


def test_one_folder_that_csctl_names_the_minor_of(git_repo: GitRepo) -> None:
    git_repo.commit({**charts("providers/docker/scs"), "providers/docker/scs/csctl.yaml": csctl(provider="docker")})
    found = state(git_repo, "docker/scs/1-30")
    assert (found.layout, str(found.kubernetes)) == (Layout.VERSIONS, "v1.30.4")


def test_stack_yaml(git_repo: GitRepo) -> None:
    folder = "providers/openstack/hcp/1-30"
    about = "provider: openstack\nclusterStackName: hcp\nkubernetesVersion: 1.30\naddons:\n  ccm: 2.30.x\n  csi: 2.30\n"
    git_repo.commit({**charts(folder), f"{folder}/stack.yaml": about, f"{folder}/csctl.yaml": csctl("v1.30", "hcp")})
    found = state(git_repo, "openstack/hcp/1-30")
    assert (found.layout, found.kubernetes) == (Layout.STACK, None)
    assert found.vars == {"addons.ccm": "2.30.x", "addons.csi": "2.30"}
    git_repo.commit({f"{folder}/csctl.yaml": csctl("v1.30.7", "hcp")})
    assert str(state(git_repo, "openstack/hcp/1-30").kubernetes) == "v1.30.7"


def test_in_a_native_family_these_files_are_nothing_special(git_repo: GitRepo) -> None:
    shared = "providers/docker/scs/shared/cluster-class/class.yaml"
    git_repo.commit({
        **stack("docker/scs/1-36"), shared: "a: 1\n", "providers/docker/scs/1-36/stack.yaml": "anything\n",
        **stack("docker/two/1-36"), "providers/docker/two/1-36/overlay.yaml": "vars: {a: 1}\n",
        "providers/docker/two/1-36/node-images.yaml": "a: 1\n",
    })
    assert [type(found) for found in states(git_repo).values()] == [StackSource, StackSource]


def test_a_native_stack_without_metadata_is_still_an_error(git_repo: GitRepo) -> None:
    git_repo.commit({"providers/docker/scs/1-36/cluster-class/class.yaml": "a: 1\n"})
    (found,) = states(git_repo).values()
    assert isinstance(found, Refused)
    assert [finding.rule for finding in found.findings] == ["CS220"]


def test_only_the_native_layout_is_rendered(git_repo: GitRepo) -> None:
    folder = "providers/docker/ferrol/1-27"
    git_repo.commit({**charts(folder), f"{folder}/metadata.yaml": metadata(kubernetes="v1.27.3"), **stack()})
    snapshot = CommitSnapshot(Git.discover(git_repo.path))
    refused, native = load_stacks(snapshot, discover(snapshot).stacks)
    assert isinstance(refused, Refused)
    (finding,) = refused.findings
    assert (finding.rule, finding.path) == ("CS234", folder)
    assert "move to the native layout: docs/layouts.md" in finding.message
    assert isinstance(native, StackSource)


def test_a_virtual_minor_alone(git_repo: GitRepo) -> None:
    git_repo.commit({**charts(ROOT), f"{ROOT}/versions.yaml": VERSIONS})
    snapshot = CommitSnapshot(Git.discover(git_repo.path))
    with pytest.raises(Refused, match="one folder for all minors"):
        load_stack(snapshot, discover(snapshot).stacks[0])


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\n", "no list of versions", 1),
        ("- kubernetes: 1.30.1\n- kubernetes: 1.30.2\n", "the minor 1-30 is listed twice", 2),
        ("- occm: 1\n", "kubernetes is missing", 1),
        ("- kubernetes: [1]\n", "kubernetes is missing", 1),
        ("- kubernetes: latest\n", "kubernetes is latest", 1),
        (f"- kubernetes: 1.{'9' * 5000}\n", "kubernetes is 1.999", 1),
        ("- a\n", "no list of versions", 1),
        ("a: [\n", "", 0),
        ("", "empty", 1),
    ],
)
def test_a_list_of_versions_that_is_none(git_repo: GitRepo, text: str, message: str, line: int) -> None:
    git_repo.commit({**charts(ROOT), f"{ROOT}/versions.yaml": text})
    discovery = discover(CommitSnapshot(Git.discover(git_repo.path)))
    (finding,) = discovery.findings
    assert discovery.stacks == ()
    assert finding.path == f"{ROOT}/versions.yaml"
    assert message in finding.message
    assert not line or finding.line == line


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("csctl.yaml", "a: 1\n", "config.kubernetesVersion is missing"),
        ("csctl.yaml", "config: [1]\n", "config.kubernetesVersion is missing"),
        ("csctl.yaml", "- a\n", "no configuration of csctl"),
        ("stack.yaml", "- a\n", "no description of a stack"),
        ("stack.yaml", "kubernetesVersion: v1.30.1\naddons: [a]\n", "addons is no mapping"),
        ("stack.yaml", "kubernetesVersion: 'x\n", ""),
    ],
)
def test_files_of_a_layout_that_nothing_reads(git_repo: GitRepo, name: str, text: str, message: str) -> None:
    git_repo.commit({f"providers/docker/scs/1-30/{name}": text})
    (found,) = states(git_repo).values()
    assert isinstance(found, Refused)
    assert message in found.findings[0].message
    assert found.findings[0].path.endswith(name)


@pytest.mark.parametrize("what", [link("../x"), submodule()])
def test_a_link_in_the_place_of_a_file(git_repo: GitRepo, what: Special) -> None:
    git_repo.commit({**charts(ROOT), f"{ROOT}/versions.yaml": what})
    findings = discover(CommitSnapshot(Git.discover(git_repo.path))).findings
    assert "CS233" in [finding.rule for finding in findings]
