"""The bundled argocd generator: what an operator points Argo CD at, and what Argo CD makes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Deliver = Callable[..., Path]
Build = Callable[..., list[Any]]
RELEASE = "cluster-stacks.io/release"


@pytest.fixture
def folder(delivered: Deliver, facts: ModuleType) -> Path:
    return delivered("argocd", facts.docker() + facts.openstack(), imageNamespaces=["team-a", "team-b"])


@pytest.fixture
def sets(folder: Path, build: Build, objects: ModuleType) -> list[Any]:
    found: list[Any] = objects.of_kind(build(folder), "ApplicationSet")
    return found


def test_the_whole_tree(folder: Path, golden: Callable[[Path], None]) -> None:
    golden(folder)


def test_every_object_follows_its_schema(
    folder: Path, sets: list[Any], objects: ModuleType, argocd: ModuleType
) -> None:
    assert objects.faults(objects.below(folder)) == []
    made = argocd.applications(sets, [argocd.Cluster("a", _labels("docker-scs-1-36-v3"))])
    assert objects.faults([value | {"metadata": value["metadata"] | {"namespace": "argocd"}} for value in made]) == []


def test_the_root_holds_projects_one_application_a_release_and_one_set_an_addon(folder: Path, build: Build) -> None:
    names: dict[str, list[str]] = {}
    for value in build(folder):
        names.setdefault(value["kind"], []).append(value["metadata"]["name"])
    assert names == {
        "AppProject": ["cluster-stacks", "cluster-stacks-addons"],
        "Application": [
            "docker-scs-1-36-v3", "docker-scs-1-36-v4", "docker-scs-1-37-v1", "openstack-scs-1-36-v1",
            "openstack-scs-1-36-v2", "team-a-openstack-scs-1-36-images-v1", "team-b-openstack-scs-1-36-images-v1",
        ],
        "ApplicationSet": [
            "docker-scs-after", "docker-scs-cilium", "docker-scs-konnectivity", "docker-scs-oci", "docker-scs-plain",
            "docker-scs-umbrella", "openstack-scs-ccm",
        ],
    }


def test_a_class_goes_with_its_application_and_images_stay(folder: Path, build: Build, objects: ModuleType) -> None:
    for value in objects.of_kind(build(folder), "Application"):
        is_image = "-images-" in value["metadata"]["name"]
        assert ("finalizers" in value["metadata"]) is not is_image
        assert value["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
        assert "directory" not in value["spec"]["source"]


def test_one_label_chooses_the_release(sets: list[Any], argocd: ModuleType) -> None:
    unlabelled, other = argocd.Cluster("x", {}), argocd.Cluster("y", {RELEASE: "docker-scs-1-36-v2"})
    assert argocd.applications(sets, [unlabelled, other]) == []
    made = argocd.applications(sets, [argocd.Cluster("a", _labels("docker-scs-1-36-v3"))])
    assert [value["metadata"]["name"] for value in made] == ["a-after", "a-cilium", "a-oci", "a-plain", "a-umbrella"]
    cilium = made[1]["spec"]
    assert cilium["source"] == {
        "repoURL": "https://git.example.org/stacks.git", "targetRevision": "rendered",
        "path": "releases/docker/scs/1-36/v3/cluster-addon/cilium",
        "helm": {"releaseName": "cilium", "values": '{"cilium": {"cluster": {"name": "a"}}}'},
    }
    assert cilium["destination"] == {"server": "https://a", "namespace": "kube-system"}
    # Argo CD takes a folder for a chart where `helm` says anything.
    assert "helm" not in made[3]["spec"]["source"]


@pytest.mark.parametrize("opted", [{}, {"cluster-stacks.io/konnectivity": "enabled"}])
@pytest.mark.parametrize("target", ["docker-scs-1-36-v4", "docker-scs-1-37-v1"])
def test_moving_a_cluster_keeps_every_application(
    sets: list[Any], argocd: ModuleType, target: str, opted: dict[str, str]
) -> None:
    labels = (_labels(name) | opted for name in ("docker-scs-1-36-v3", target))
    before, after = (argocd.applications(sets, [argocd.Cluster("a", one)]) for one in labels)
    assert len(before) == 5 + bool(opted)
    assert _names(before) == _names(after)
    assert _names(before, "destination") == _names(after, "destination")
    assert [value["spec"]["source"]["path"] for value in before] != [value["spec"]["source"]["path"] for value in after]


def test_a_set_makes_an_application_of_a_cluster_at_most_once(sets: list[Any], argocd: ModuleType) -> None:
    clusters = [argocd.Cluster(name, _labels("docker-scs-1-36-v3")) for name in ("a", "b")]
    names = [value["metadata"]["name"] for value in argocd.applications(sets, clusters)]
    assert len(names) == len(set(names)) == 10


def test_an_application_that_goes_leaves_the_network(delivered: Deliver, facts: ModuleType, sets: list[Any]) -> None:
    assert all(value["spec"]["syncPolicy"] == {"preserveResourcesOnDeletion": True} for value in sets)
    assert all("finalizers" not in value["spec"]["template"]["metadata"] for value in sets)


def test_a_cluster_without_the_label_that_an_addon_needs_is_told(sets: list[Any], argocd: ModuleType) -> None:
    with pytest.raises(argocd.TemplateFailed, match=r"needs the label cluster-stacks\.io/cluster-namespace"):
        argocd.applications(sets, [argocd.Cluster("a", {RELEASE: "docker-scs-1-36-v3"})])


def test_addons_never_reach_the_management_cluster(folder: Path, build: Build, objects: ModuleType) -> None:
    (project,) = objects.of_kind(build(folder), "AppProject", "-addons")
    assert {"server": "!https://kubernetes.default.svc", "namespace": "*"} in project["spec"]["destinations"]
    assert project["spec"]["sourceRepos"][0] == "https://git.example.org/stacks.git"
    assert "oci://registry.example.org/charts/" in project["spec"]["sourceRepos"]


def test_a_release_that_makes_an_addon_by_other_means_is_patched(
    delivered: Deliver, facts: ModuleType, build: Build, objects: ModuleType
) -> None:
    releases = [facts.release("v1", facts.addon("x")), facts.release("v2", facts.by_path("x", "manifests"))]
    (one,) = objects.of_kind(build(delivered("argocd", releases)), "ApplicationSet")
    assert "helm" not in one["spec"]["template"]["spec"]["source"]
    assert one["spec"]["templatePatch"].startswith('{{- if eq .values.renderer "helm" }}\nspec:\n')
    assert [item["clusters"]["values"]["renderer"] for item in one["spec"]["generators"]] == ["helm", "manifests"]
    assert objects.faults([one]) == []


def test_facts_mean_nothing_to_go(delivered: Deliver, facts: ModuleType, build: Build, argocd: ModuleType) -> None:
    addon = facts.by_path("x", namespace="{{.server}}", releaseName="a{{`", path="cluster-addon/{{ fail }}")
    found = build(delivered("argocd", [facts.release("v1", addon)]))
    sets = [value for value in found if value["kind"] == "ApplicationSet"]
    (made,) = argocd.applications(sets, [argocd.Cluster("c", {RELEASE: "docker-scs-1-36-v1"})])
    assert made["spec"]["destination"]["namespace"] == "{{.server}}"
    assert made["spec"]["source"]["path"] == "releases/docker/scs/1-36/v1/cluster-addon/{{ fail }}"
    assert made["spec"]["source"]["helm"]["releaseName"] == "a{{`"


def _labels(release: str) -> dict[str, str]:
    return {RELEASE: release, "cluster-stacks.io/cluster-namespace": "team"}


def _names(applications: list[Any], key: str = "") -> dict[str, Any]:
    return {value["metadata"]["name"]: value["spec"][key] if key else None for value in applications}
