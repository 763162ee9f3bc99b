"""What a digest covers: what the versioning rules call content, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import pytest

from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.releases.digest import content, image_digest, source_digest

Make = Callable[..., StackSource]
SETTINGS = Settings()


def test_the_digest_never_moves(source: Make) -> None:
    """It is kept on branches for ever: another value here means that every published release is refused."""
    assert source_digest(source(), SETTINGS) == (
        "sha256:73208d24e7bd6b3950cce6ef0db141dc7e3abbb6ae72087cf8cba0dba8219399"
    )
    assert image_digest(source(), SETTINGS) == (
        "sha256:2c9451da03856be8389d4be73d09d61cad10a6f8fef0a1454fa4746eafb3e193"
    )


@pytest.mark.parametrize("change", [
    {"files": {"cluster-class/class.yaml": "name: other\n"}},
    {"files": {"cluster-class/new.yaml": ""}},
    {"files": {"cluster-class/class.yaml": None}},
    {"files": {"cluster-class/class.yaml": None, "cluster-class/renamed.yaml": "name: <% release_name %>\n"}},
    {"files": {"cluster-addon/cilium/charts/x/Chart.yaml": "version: 1\n"}},
    {"files": {"node-images/README.md": "how to build\n"}},
    {"files": {"sample-cluster.yaml": "kind: Cluster\n"}},
    {"modes": {"cluster-class/class.yaml": "100755"}},
    {"variables": {"cilium": {"replicas": 2}}},
    {"variables": {"cilium": {"replicas": "1"}}},
    {"version": "v2"},
    {"addon": "v2"},
    {"image": "v2"},
    {"kubernetes": "v1.36.2"},
    {"stack": "docker/scs/1-37"},
    {"stack": "docker/other/1-36"},
])
def test_content_counts(source: Make, change: Mapping[str, object]) -> None:
    assert source_digest(source(**change), SETTINGS) != source_digest(source(), SETTINGS)


@pytest.mark.parametrize("change", [
    {"files": {"README.md": "Other words\n"}},
    {"files": {"cluster-addon/cilium/README.md": "Other words\n"}},
    {"files": {"CODEOWNERS": "* @me\n"}},
    {"files": {"cluster-addon/cilium/Chart.yaml": "apiVersion: v2\nname: cilium\nversion: 9.9.9\n"}},
    {"variables": {"cilium": {"replicas": 1, "unread": True}, "unread": 1}},
    {"shared": True},
])
def test_what_is_no_content_does_not_count(source: Make, change: Mapping[str, object]) -> None:
    assert source_digest(source(**change), SETTINGS) == source_digest(source(), SETTINGS)


def test_the_order_of_files_does_not_count(source: Make) -> None:
    made = source()
    turned = dataclasses.replace(made, files=dict(reversed(list(made.files.items()))))
    assert source_digest(turned, SETTINGS) == source_digest(made, SETTINGS)


def test_a_pin_of_a_tool_invalidates_nothing(source: Make) -> None:
    assert source_digest(source(), Settings(tools={"helm": "v4.3.1"})) == source_digest(source(), SETTINGS)


def test_the_frames_are_unambiguous(source: Make) -> None:
    """The end of one file moved to the beginning of the next is another content."""
    one = source({"cluster-class/a": "x", "cluster-class/b": "yz"})
    two = source({"cluster-class/a": "xy", "cluster-class/b": "z"})
    assert source_digest(one, SETTINGS) != source_digest(two, SETTINGS)


@pytest.mark.parametrize(("change", "moves"), [
    ({"version": "v9"}, False),
    ({"addon": "v9"}, False),
    ({"files": {"cluster-class/class.yaml": "x: 1\n"}}, False),
    ({"kubernetes": "v1.36.2"}, False),
    ({"files": {"node-images/images.yaml": "images: [x]\n"}}, True),
    ({"files": {"node-images/ubuntu/Dockerfile": "FROM x\n"}}, True),
    ({"files": {"node-images.yaml": "x\n"}}, True),
    ({"image": "v2"}, True),
])
def test_a_unit_of_images_is_its_layer(source: Make, change: Mapping[str, object], moves: bool) -> None:
    assert (image_digest(source(**change), SETTINGS) != image_digest(source(), SETTINGS)) is moves


@pytest.mark.parametrize(("text", "moves"), [
    ("url: https://x/<% kubernetes.version %>\n", True),
    ("url: https://x/<% kubernetes['number'] %>\n", True),
    ("#% set k = kubernetes\n", True),
    ("name: <% images['u'].name %>\n", True),
    ("url: https://x/<% kubernetes.minor %>\n", False),
    ("# kubernetes.version is not read here\nurl: kubernetes.version\n", False),
])
def test_images_move_with_kubernetes_where_they_read_it(source: Make, text: str, moves: bool) -> None:
    files = {"node-images/images.yaml": text}
    old, new = source(files), source(files, kubernetes="v1.36.2")
    assert (image_digest(old, SETTINGS) != image_digest(new, SETTINGS)) is moves


@pytest.mark.parametrize(("path", "kept"), [
    ("cluster-class/Chart.yaml", False),
    ("cluster-addon/cilium/Chart.yaml", False),
    ("cluster-addon/charts/Chart.yaml", False),
    ("cluster-addon/cilium/charts/sub/Chart.yaml", True),
    ("cluster-addon/cilium/values.yaml", True),
])
def test_the_version_stamp_of_a_chart(path: str, kept: bool) -> None:
    data = b"name: x\r\nversion: 1.2.3\r\nappVersion: 4\r\ndependencies:\r\n- version: 5\r\n"
    assert content(path, data) == (data if kept else data.replace(b"version: 1.2.3", b"version:"))
