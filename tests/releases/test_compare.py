"""A release against the one before it, and what a move between them means for a Cluster."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from cluster_stacks.documents.emit import emit
from cluster_stacks.releases.compare import Fate, ReleaseComparison, compare_releases
from cluster_stacks.releases.contents import Contents, read_contents
from cluster_stacks.releases.move import Verdict

CAPI = "cluster.x-k8s.io/v1beta2"
Objects = dict[str, dict[str, Any]]


def ref(kind: str, name: str, group: str = "infrastructure.cluster.x-k8s.io") -> dict[str, Any]:
    return {"templateRef": {"apiVersion": f"{group}/v1beta2", "kind": kind, "name": name}}


def template(
    kind: str, name: str, spec: dict[str, Any], group: str = "infrastructure.cluster.x-k8s.io"
) -> dict[str, Any]:
    return {"apiVersion": f"{group}/v1beta2", "kind": kind, "metadata": {"name": name},
            "spec": {"template": {"spec": spec}}}


def objects(name: str) -> Objects:
    """The class of a release, and its templates."""
    control, bootstrap = "controlplane.cluster.x-k8s.io", "bootstrap.cluster.x-k8s.io"
    return {
        "class": {
            "apiVersion": CAPI, "kind": "ClusterClass", "metadata": {"name": name}, "spec": {
                "infrastructure": ref("DevClusterTemplate", f"{name}-cluster"),
                "controlPlane": {
                    **ref("KubeadmControlPlaneTemplate", f"{name}-cp", control),
                    "machineInfrastructure": ref("DevMachineTemplate", f"{name}-cp"),
                },
                "workers": {"machineDeployments": [{
                    "class": "default", "bootstrap": ref("KubeadmConfigTemplate", f"{name}-worker", bootstrap),
                    "infrastructure": ref("DevMachineTemplate", f"{name}-worker"),
                }]},
                "variables": [{"name": "cni", "required": False, "schema": {"openAPIV3Schema": {"type": "string"}}}],
                "patches": [],
            },
        },
        "cluster": template("DevClusterTemplate", f"{name}-cluster", {}),
        "cp": template("KubeadmControlPlaneTemplate", f"{name}-cp", {"kubeadmConfigSpec": {"a": 1}}, control),
        "cp-machine": template("DevMachineTemplate", f"{name}-cp", {"image": "x"}),
        "worker": template("KubeadmConfigTemplate", f"{name}-worker", {"b": 1}, bootstrap),
        "worker-machine": template("DevMachineTemplate", f"{name}-worker", {"image": "x"}),
    }


def contents(
    version: str, edit: Callable[[Objects], object] = lambda _: None, *,
    kubernetes: str = "v1.36.1", minor: str = "1-36", addons: tuple[dict[str, Any], ...] = (),
) -> Contents:
    """A release in its folder, as publishing writes it, read back."""
    name = f"docker-scs-{minor}-{version}"
    made = objects(name)
    edit(made)
    files = {f"{key}.yaml": emit(value).encode() for key, value in made.items()}
    facts = {
        "schemaVersion": 1, "name": name,
        "stack": {"id": f"docker/scs/{minor}", "provider": "docker", "name": "scs", "minor": minor},
        "versions": {"clusterStack": version, "kubernetes": kubernetes, "clusterAddon": "v1", "nodeImage": "v1"},
        "sourceDigest": "sha256:" + "0" * 64, "tools": {}, "classes": [],
        "objects": [{"apiVersion": value["apiVersion"], "kind": value["kind"], "name": value["metadata"]["name"],
                     "file": f"{key}.yaml"} for key, value in made.items()],
        "addons": list(addons), "images": None, "clusterVariables": [], "notes": [],
    }
    for addon in addons:
        files |= {f"{addon['path']}/manifests.yaml": emit({"kind": "ConfigMap", "apiVersion": "v1",
                  "metadata": {"name": "x", "namespace": "y"}, "data": {"version": version}}).encode()}
    return read_contents({**files, "release.json": json.dumps(facts).encode()}, {})


def addon(name: str, **facts: Any) -> dict[str, Any]:
    return {
        "name": name, "namespace": "kube-system", "releaseName": name, "renderer": "manifests",
        "path": f"cluster-addon/{name}", "order": 0, "dependsOn": [], "clusterLabels": {}, "clusterValues": {},
        "hook": "", "chart": None, "values": None, "overwrite": False,
    } | facts


def compared(edit: Callable[[Objects], object] = lambda _: None, **after: Any) -> ReleaseComparison:
    return compare_releases(contents("v3"), contents("v4", edit, **after))


def test_a_new_name_alone_is_no_difference() -> None:
    found = compared()
    assert (found.objects, found.addons, found.images) == ((), (), ())
    assert [component.value for component in found.versions] == ["clusterStack"]
    assert found.move.verdict is Verdict.ACCEPTED
    assert found.move.rolls == ()


def test_objects_are_compared_with_what_they_were_under_the_old_name() -> None:
    found = compared(lambda made: made["worker"]["spec"]["template"]["spec"].update(b=2))
    [change] = found.objects
    assert (change.fate, change.kind) == (Fate.CHANGED, "KubeadmConfigTemplate")
    assert change.name == "docker-scs-1-36-v4-worker"
    assert [(each.path, each.old, each.new) for each in change.differences] == [("spec.template.spec.b", 1, 2)]
    assert found.move.rolls == ("machineDeployment default: b changed",)


def test_a_name_in_a_template_that_is_no_reference_rolls_machines() -> None:
    """A tag that carries the release's name is another at each release."""
    def tagged(version: str) -> Callable[[Objects], object]:
        return lambda made: made["cp-machine"]["spec"]["template"]["spec"].update(tag=f"of docker-scs-1-36-{version}")

    found = compare_releases(contents("v3", tagged("v3")), contents("v4", tagged("v4")))
    assert found.move.rolls == ("control plane: tag changed",)


def test_added_and_removed_objects() -> None:
    def swap(made: Objects) -> None:
        del made["worker"]
        made["more"] = template("DevMachineTemplate", "docker-scs-1-36-v4-more", {})

    found = compared(swap)
    assert [(each.fate, each.kind, each.name) for each in found.objects] == [
        (Fate.ADDED, "DevMachineTemplate", "docker-scs-1-36-v4-more"),
        (Fate.REMOVED, "KubeadmConfigTemplate", "docker-scs-1-36-v3-worker"),
    ]


def test_addons() -> None:
    old = contents("v3", addons=(addon("gone"), addon("moved"), addon("same")))
    new = contents("v4", addons=(addon("moved", namespace="other"), addon("same"), addon("fresh")))
    found = {each.name: each for each in compare_releases(old, new).addons}
    assert {name: each.fate.value for name, each in found.items()} == {
        "gone": "removed", "moved": "changed", "same": "changed", "fresh": "added",
    }
    assert ("namespace", "kube-system", "other") in found["moved"].differences
    [change] = found["same"].objects
    assert (change.name, change.differences[0].path) == ("y/x", "data.version")


def _spec(made: Objects) -> dict[str, Any]:
    spec: dict[str, Any] = made["class"]["spec"]
    return spec


def _variable(made: Objects) -> dict[str, Any]:
    variable: dict[str, Any] = _spec(made)["variables"][0]
    return variable


def _schema(made: Objects) -> dict[str, Any]:
    schema: dict[str, Any] = _variable(made)["schema"]["openAPIV3Schema"]
    return schema


def _worker(made: Objects) -> dict[str, Any]:
    worker: dict[str, Any] = _spec(made)["workers"]["machineDeployments"][0]
    return worker


REFUSED: dict[str, tuple[Callable[[Objects], object], str]] = {
    "another kind of infrastructure": (
        lambda made: _spec(made)["infrastructure"]["templateRef"].update(kind="DockerClusterTemplate"),
        "infrastructure: DevClusterTemplate becomes DockerClusterTemplate",
    ),
    "another kind of workers' machines": (
        lambda made: _worker(made)["infrastructure"]["templateRef"].update(kind="DockerMachineTemplate"),
        "machineDeployment default's machines",
    ),
    "no machineInfrastructure any more": (
        lambda made: _spec(made)["controlPlane"].pop("machineInfrastructure"),
        "machineInfrastructure of the control plane",
    ),
}
DEPENDS: dict[str, tuple[Callable[[Objects], object], str]] = {
    "a class of workers is gone": (lambda made: _spec(made)["workers"].clear(), "uses machineDeployment default"),
    "a variable is gone": (lambda made: _spec(made).update(variables=[]), "sets the variable cni"),
    "a variable is required": (lambda made: _variable(made).update(required=True), "does not set the variable cni"),
    "a variable is narrower": (
        lambda made: _schema(made).update(maxLength=3), "whose value of cni does not fit",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_moves_that_are_refused(case: str) -> None:
    edit, reason = REFUSED[case]
    move = compared(edit).move
    assert move.verdict is Verdict.REFUSED
    assert reason in move.reasons[0]


@pytest.mark.parametrize("case", DEPENDS)
def test_moves_that_depend_on_the_cluster(case: str) -> None:
    edit, reason = DEPENDS[case]
    move = compared(edit).move
    assert move.verdict is Verdict.DEPENDS
    assert reason in move.reasons[0]


@pytest.mark.parametrize("edit", [
    lambda made: _schema(made).update(description="words", example="x"),
    lambda made: _variable(made).update(required=True) or _schema(made).update(default="x"),
    lambda made: _spec(made)["variables"].append({"name": "new", "required": False, "schema": {}}),
    lambda made: _worker(made)["bootstrap"]["templateRef"].update(kind="OtherTemplate"),
], ids=["prose", "required with a default", "a new optional variable", "the kind of a bootstrap template is free"])
def test_moves_that_are_accepted(edit: Callable[[Objects], object]) -> None:
    assert compared(edit).move.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(("kubernetes", "minor", "verdict"), [
    ("v1.36.0", "1-36", Verdict.REFUSED), ("v1.36.2", "1-36", Verdict.ACCEPTED), ("v1.37.0", "1-37", Verdict.ACCEPTED),
    ("v1.38.0", "1-38", Verdict.REFUSED),
])
def test_kubernetes_moves_by_a_minor_at_most(kubernetes: str, minor: str, verdict: Verdict) -> None:
    move = compared(kubernetes=kubernetes, minor=minor).move
    assert move.verdict is verdict
    assert move.rolls[0] == f"all machines: Kubernetes v1.36.1 becomes {kubernetes}"


def test_what_is_made_in_place_rolls_nothing() -> None:
    def edit(made: Objects) -> None:
        deletion = {"deletion": {"nodeDrainTimeoutSeconds": 1}}
        made["cp"]["spec"]["template"]["spec"]["machineTemplate"] = {"spec": deletion}
        made["cluster"]["spec"]["template"]["spec"]["x"] = 1

    assert compared(edit).move.rolls == ()


def test_patches_may_roll() -> None:
    patch = {"name": "p", "definitions": []}
    move = compared(lambda made: _spec(made)["patches"].append(copy.deepcopy(patch))).move
    assert (move.rolls, len(move.may_roll)) == ((), 1)
