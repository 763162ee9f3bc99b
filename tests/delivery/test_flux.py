"""The bundled flux generator: what an operator points Flux at, and what Flux makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Deliver = Callable[..., Path]
Build = Callable[..., list[Any]]

ADDONS = "addons/docker/scs/1-36/v3"
CLUSTERS = ({"cluster_name": "a", "cluster_namespace": "team"}, {"cluster_name": "b", "cluster_namespace": "team"})


@pytest.fixture
def folder(delivered: Deliver, facts: ModuleType) -> Path:
    return delivered("flux", facts.docker() + facts.openstack())


def test_the_whole_tree(folder: Path, golden: Callable[[Path], None]) -> None:
    golden(folder)


def test_every_object_follows_its_schema(folder: Path, objects: ModuleType, flux: ModuleType) -> None:
    variables = {"cluster_name": "a", "cluster_namespace": "team", "namespace": "team"}
    found = [replace(one, value=flux.instantiated([one.value], variables)[0]) for one in objects.below(folder)]
    assert len(found) > 30
    assert objects.faults(found) == []


def test_the_root_holds_a_source_and_one_kustomization_a_release(folder: Path, build: Build) -> None:
    found = build(folder)
    classes = [value for value in found if value["kind"] == "Kustomization"]
    assert {value["kind"] for value in found} == {"Namespace", "GitRepository", "Kustomization"}
    assert [value["metadata"]["name"] for value in classes] == [
        "docker-scs-1-36-v3", "docker-scs-1-36-v4", "docker-scs-1-37-v1", "openstack-scs-1-36-v1",
        "openstack-scs-1-36-v2",
    ]
    # No healthCheckExprs: Flux applies kinds that end in Class first and would wait for templates that come after.
    assert classes[0]["spec"] == {
        "sourceRef": {"kind": "GitRepository", "name": "cluster-stacks"}, "path": "./releases/docker/scs/1-36/v3",
        "targetNamespace": "cluster-classes", "prune": True, "wait": True,
        "interval": "60m", "retryInterval": "2m", "timeout": "5m",
    }


def test_a_release_more_changes_no_file_of_another(delivered: Deliver, facts: ModuleType) -> None:
    first, *rest = facts.docker()
    before = {path: path.read_bytes() for path in delivered("flux", [first]).rglob("*.yaml")}
    delivered("flux", [first, *rest])
    changed = [path.name for path, data in before.items() if path.read_bytes() != data]
    assert changed == ["kustomization.yaml"]


@pytest.mark.parametrize("components", [(), ("optional/konnectivity",)])
def test_two_clusters_in_one_namespace_share_no_object(
    folder: Path, build: Build, flux: ModuleType, objects: ModuleType, components: tuple[str, ...]
) -> None:
    built = build(folder / ADDONS, *components)
    first, second = ({objects.identity(value) for value in flux.instantiated(built, one)} for one in CLUSTERS)
    assert len(first) == len(second) == len(built)
    assert not first & second
    assert {namespace for _, _, namespace, _ in first} == {"team"}


def test_nor_do_they_refer_to_an_object_of_the_other(folder: Path, build: Build, flux: ModuleType) -> None:
    built = flux.instantiated(build(folder / ADDONS), CLUSTERS[0])
    text = repr(built)
    assert "'b-" not in text
    names = {(value["kind"], value["metadata"]["name"]) for value in built}
    for value in built:
        spec = value["spec"]
        source = spec.get("chartRef") or spec.get("sourceRef") or spec.get("chart", {}).get("spec", {}).get("sourceRef")
        if source and source["kind"] != "GitRepository":
            assert (source["kind"], source["name"]) in names
        for other in spec.get("dependsOn", []):
            assert (value["kind"], other["name"]) in names
        if "url" not in spec:
            assert spec["kubeConfig"]["secretRef"] == {"name": "a-kubeconfig", "key": "value"}


@pytest.mark.parametrize("target", ["addons/docker/scs/1-36/v4", "addons/docker/scs/1-37/v1"])
@pytest.mark.parametrize("components", [(), ("optional/konnectivity",)])
def test_moving_a_cluster_prunes_nothing_and_reinstalls_nothing(
    folder: Path, build: Build, flux: ModuleType, objects: ModuleType, target: str, components: tuple[str, ...]
) -> None:
    before, after = (flux.instantiated(build(folder / path, *components), CLUSTERS[0]) for path in (ADDONS, target))
    assert {objects.identity(value) for value in before} == {objects.identity(value) for value in after}
    # helm-controller uninstalls first where one of these differs.
    for key in ("releaseName", "targetNamespace", "storageNamespace", "kubeConfig"):
        fixed = [
            {objects.identity(value): value["spec"][key] for value in objects.of_kind(values, "HelmRelease")}
            for values in (before, after)
        ]
        assert fixed[0] == fixed[1]
    for value in objects.of_kind(after, "HelmRelease"):
        assert value["spec"]["upgrade"]["chartNameChangeStrategy"] == "InPlaceUpdate"


def test_no_version_is_part_of_an_identity(folder: Path, build: Build, objects: ModuleType) -> None:
    for value in build(folder / ADDONS):
        assert not {"v3", "v2", "1-36"} & set(objects.identity(value)[3].split("-"))
        assert value["metadata"]["labels"] == {
            "cluster-stacks.io/stack": "docker-scs-1-36", "cluster-stacks.io/cluster-addon": "v2",
        }


def test_what_is_opted_into_comes_by_a_component_alone(folder: Path, build: Build, objects: ModuleType) -> None:
    without, with_it = build(folder / ADDONS), build(folder / ADDONS, "optional/konnectivity")
    names = {objects.identity(value)[3] for value in with_it} - {objects.identity(value)[3] for value in without}
    assert names == {"${cluster_name}-konnectivity"}


@pytest.mark.parametrize("name", ["a", "7", "1e3", "true"])
def test_values_arrive_as_they_are_but_for_what_the_cluster_decides(
    folder: Path, build: Build, flux: ModuleType, facts: ModuleType, objects: ModuleType, name: str
) -> None:
    variables = {"cluster_name": name, "cluster_namespace": name}
    found = flux.instantiated(build(folder / ADDONS), variables)
    release = facts.docker()[0]
    (cilium,) = objects.of_kind(found, "HelmRelease", "cilium")
    assert cilium["metadata"]["namespace"] == name
    assert cilium["spec"]["values"] == {**release.data["addons"][0]["values"], "cluster": {"name": name}}
    (umbrella,) = objects.of_kind(found, "HelmRelease", "umbrella")
    assert umbrella["spec"]["values"] == {"metrics": {"cluster": name}}
    assert umbrella["spec"]["chart"]["spec"]["chart"] == "./releases/docker/scs/1-36/v3/cluster-addon/umbrella"


def test_an_undeclared_variable_would_be_refused_by_flux(folder: Path, build: Build, flux: ModuleType) -> None:
    with pytest.raises(flux.NotSet):
        flux.instantiated(build(folder / ADDONS), {"cluster_name": "a"})


def test_node_images_once_a_namespace(folder: Path, build: Build, flux: ModuleType, objects: ModuleType) -> None:
    built = build(folder / "images")
    (first,), (second,) = (flux.instantiated(built, {"namespace": name}) for name in ("team", "123"))
    assert objects.identity(first)[2:] == ("flux-system", "team-openstack-scs-1-36-images-v1")
    assert objects.identity(second)[2:] == ("flux-system", "123-openstack-scs-1-36-images-v1")
    assert second["spec"]["targetNamespace"] == "123"
    assert second["spec"]["path"] == "./releases/openstack/scs/1-36/node-images/v1"
    assert second["spec"]["deletionPolicy"] == "Orphan"


@pytest.mark.parametrize(
    ("version", "ref"),
    [
        ("1.2.3", {"tag": "1.2.3"}),
        ("v1.2.3-rc.1+build.5", {"tag": "v1.2.3-rc.1_build.5"}),
        ("~1.2.3", {"semver": "~1.2.3"}),
        ("1.2", {"semver": "1.2"}),
        ("1.2.x", {"semver": "1.2.x"}),
        ("1.2.3 - 2.0.0", {"semver": "1.2.3 - 2.0.0"}),
    ],
)
def test_charts_of_a_registry(
    delivered: Deliver, facts: ModuleType, objects: ModuleType, version: str, ref: dict[str, str]
) -> None:
    chart = {"name": "x", "version": version, "repository": "oci://r.example.org/charts", "alias": ""}
    folder = delivered("flux", [facts.release("v1", facts.addon("x", chart=chart))])
    source, helm_release = (one.value for one in objects.below(folder / "addons") if one.path.endswith("x.yaml"))
    assert source["spec"]["url"] == "oci://r.example.org/charts/x"
    assert source["spec"]["ref"] == ref
    assert helm_release["spec"]["chartRef"] == {"kind": "OCIRepository", "name": "${cluster_name}-x"}


def test_an_addon_waits_only_for_what_flux_can_wait_for(
    delivered: Deliver, facts: ModuleType, objects: ModuleType
) -> None:
    opt_in = {"clusterLabels": {"x": "y"}}
    release = facts.release(
        "v1", facts.addon("base"), facts.by_path("plain", "manifests", dependsOn=["base"]),
        facts.addon("agent", **opt_in), facts.addon("top", dependsOn=["base", "agent", "plain"]),
        facts.addon("other", dependsOn=["base", "agent"], **opt_in),
    )
    folder = delivered("flux", [release])
    values = [one.value for one in objects.below(folder / "addons")]
    found = {value["metadata"]["name"]: value["spec"].get("dependsOn") for value in values}
    assert found["${cluster_name}-plain"] is None
    assert found["${cluster_name}-top"] == [{"name": "${cluster_name}-base"}]
    assert found["${cluster_name}-other"] == [{"name": "${cluster_name}-base"}, {"name": "${cluster_name}-agent"}]
    notes = (folder / "addons/docker/scs/1-36/v1/README.md").read_text()
    assert "plain does not wait for base: " in notes
    assert "top does not wait for agent, which not every cluster has." in notes


def test_parameters_reach_the_objects(delivered: Deliver, facts: ModuleType, build: Build, objects: ModuleType) -> None:
    folder = delivered(
        "flux", [facts.release("v1", facts.addon("cilium"))], namespace="gitops", sourceName="stacks",
        secretName="login", classNamespace="classes", createNamespace=False, interval="1h",
        serviceAccountName="applier", inPlaceChartChange=False,
    )
    source, release = sorted(build(folder), key=lambda value: str(value["kind"]))
    assert source["metadata"] | {"annotations": None} == {"name": "stacks", "namespace": "gitops", "annotations": None}
    assert source["spec"]["secretRef"] == {"name": "login"}
    assert release["spec"]["targetNamespace"] == "classes"
    assert release["spec"]["serviceAccountName"] == "applier"
    (helm_release,) = objects.of_kind(build(folder / "addons/docker/scs/1-36/v1"), "HelmRelease")
    assert "chartNameChangeStrategy" not in helm_release["spec"]["upgrade"]


def test_no_release_is_a_source_alone(delivered: Deliver, build: Build) -> None:
    folder = delivered("flux", [])
    assert sorted(value["kind"] for value in build(folder)) == ["GitRepository", "Namespace"]
    assert build(folder / "images") == [], "a namespace that asks for images gets none, and keeps none"
