"""The addons: pinned, found, in an order, and the same in every minor."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from reference_stacks import MINORS, Rendered

EXACT = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
WANTED = {
    "docker": {"cilium", "metrics-server"},
    "openstack": {
        "cilium",
        "metrics-server",
        "ccm",
        "cinder-csi",
        "konnectivity-agent",
    },
}


def test_each_stack_has_its_addons(rendered: Rendered) -> None:
    assert {addon["name"] for addon in rendered.facts["addons"]} == WANTED[rendered.stack.partition("/")[0]]


def test_charts_are_pinned_and_passed_through(rendered: Rendered) -> None:
    for addon in rendered.facts["addons"]:
        if addon["renderer"] == "helm":
            chart = addon["chart"]
            assert chart is not None, f"{addon['name']} is no pass-through any more"
            assert EXACT.fullmatch(chart["version"])
            assert chart["repository"].startswith("https://")
            assert addon["values"]


def test_values_are_those_of_the_dependency(rendered: Rendered) -> None:
    """A value beside the dependency's name would reach no chart."""
    for path in (rendered.folder / "v1" / "cluster-addon").glob("*/values.yaml"):
        chart: Any = yaml.safe_load(path.with_name("Chart.yaml").read_bytes())
        assert set(yaml.safe_load(path.read_bytes())) == {entry["name"] for entry in chart["dependencies"]}


def test_the_network_comes_first(rendered: Rendered) -> None:
    addons = {addon["name"]: addon for addon in rendered.facts["addons"]}
    assert addons["cilium"]["dependsOn"] == []
    for name, addon in addons.items():
        assert name == "cilium" or addon["dependsOn"], name


def test_only_konnectivity_is_by_choice(rendered: Rendered) -> None:
    chosen = {addon["name"]: addon["clusterLabels"] for addon in rendered.facts["addons"] if addon["clusterLabels"]}
    assert chosen in ({}, {"konnectivity-agent": {"cluster-stacks.io/konnectivity": "enabled"}})


def test_names_of_addons_leave_room_for_the_name_of_the_cluster(rendered: Rendered) -> None:
    """Objects of the delivery are called <cluster>-<addon>, and Flux repeats that in a label of 63 characters."""
    assert all(len(addon["name"]) <= 20 for addon in rendered.facts["addons"])


def test_load_balancers_and_volumes_carry_the_cluster(openstack: Rendered) -> None:
    """Clusters of one project with one name between them would take each other's load balancers over."""
    given = {addon["name"]: addon["clusterValues"] for addon in openstack.facts["addons"] if addon["clusterValues"]}
    assert given == {
        "ccm": {"cluster.name": "cluster_name"},
        "cinder-csi": {"clusterID": "cluster_name"},
    }


def test_charts_of_the_cloud_are_never_newer_than_kubernetes(openstack: Rendered) -> None:
    minor = int(openstack.stack.rpartition("-")[2])
    for addon in openstack.facts["addons"]:
        if addon["name"] in ("ccm", "cinder-csi"):
            assert addon["chart"]["version"].split(".")[0] == "2"
            assert int(addon["chart"]["version"].split(".")[1]) in (minor - 1, minor)


@pytest.mark.parametrize("stack", ["docker/scs", "openstack/scs"])
def test_an_addon_keeps_its_identity_over_the_minors(rendered_tree: Path, stack: str) -> None:
    releases = [Rendered(stack, rendered_tree / stack / minor) for minor in MINORS]
    identities = [
        {(addon["name"], addon["namespace"], addon["releaseName"]) for addon in release.facts["addons"]}
        for release in releases
    ]
    assert identities[0] == identities[1] == identities[2]
