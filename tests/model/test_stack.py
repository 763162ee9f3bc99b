"""What paths mean."""

from __future__ import annotations

import pytest

from cluster_stacks.model.stack import Layer, StackId, layer_of


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("cluster-class/class.yaml", Layer.CLUSTER_CLASS),
        ("cluster-class/templates/x.yaml", Layer.CLUSTER_CLASS),
        ("cluster-class/README.md", None),
        ("cluster-addon/cilium/readme.txt", None),
        ("node-images/README.md", Layer.NODE_IMAGES),
        ("node-image/x", Layer.NODE_IMAGES),
        ("node-images.yaml", Layer.NODE_IMAGES),
        ("clusteraddon.yaml", Layer.CLUSTER_ADDON),
        ("sample-cluster.yaml", Layer.CLUSTER_CLASS),
        ("metadata.yaml", None),
        ("overlay.yaml", None),
        ("docs/x.yaml", None),
    ],
)
def test_layer_of(path: str, layer: Layer | None) -> None:
    assert layer_of(path) is layer


@pytest.mark.parametrize("text", ["docker/scs/1-36", "providers/docker/scs/1-36", "providers/docker/scs/1-36/"])
def test_parses_names_and_paths(text: str) -> None:
    assert StackId.parse(text) == StackId("docker", "scs", "1-36")


@pytest.mark.parametrize("text", ["docker/scs", "docker/scs/shared", "docker/scs/1.36", "a/b/c/1-36"])
def test_parses_nothing_else(text: str) -> None:
    assert StackId.parse(text) is None


def test_orders_minors_by_number() -> None:
    nine, ten = StackId("a", "b", "1-9"), StackId("a", "b", "1-10")
    assert sorted([ten, nine], key=lambda s: s.sort_key) == [nine, ten]


def test_names() -> None:
    stack = StackId("docker", "scs", "1-36")
    assert (stack.release_name("v3"), stack.kubernetes_minor) == ("docker-scs-1-36-v3", "1.36")
    assert stack.metadata_path == "providers/docker/scs/1-36/metadata.yaml"
