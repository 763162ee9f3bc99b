"""Pre-releases: how a channel begins, goes on, and becomes stable."""

from __future__ import annotations

import pytest

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.model.version import KubernetesVersion, Version, VersionError
from cluster_stacks.versioning.change import LayerChange, StackChange, Status
from cluster_stacks.versioning.channels import in_channel, is_channel, promoted
from cluster_stacks.versioning.expected import floor, is_successor

STACK = StackId("docker", "scs", "1-36")


def metadata(text: str) -> Metadata:
    stack, addon, image = (Version.parse(word) for word in text.split())
    return Metadata(stack, KubernetesVersion(1, 36, 1), addon, image)


def change(base: str, head: str, *layers: Layer) -> StackChange:
    before = metadata(base) if base else None
    status = Status.CHANGED if base else Status.NEW
    return StackChange(
        STACK, status, {layer: LayerChange(("x",)) for layer in layers}, before, metadata(head), before, "main"
    )


def told(edits: dict[Component, tuple[Version, Version]]) -> dict[str, str]:
    return {component.value: str(new) for component, (_, new) in edits.items()}


@pytest.mark.parametrize(
    ("base", "head", "channel", "wanted"),
    [
        ("v3 v2 v1", "v3 v2 v1", "alpha", {"clusterStack": "v4-alpha.0", "clusterAddon": "v3-alpha.0"}),
        ("v3 v2 v1", "v4 v3 v1", "alpha", {"clusterStack": "v4-alpha.0", "clusterAddon": "v3-alpha.0"}),
        ("v3 v2 v1", "v4-alpha.0 v3-alpha.0 v1", "alpha", {}),
        ("v4-alpha.0 v2 v1", "v4-alpha.0 v2 v1", "alpha", {"clusterStack": "v4-alpha.1", "clusterAddon": "v3-alpha.0"}),
        ("v4-alpha.9 v2 v1", "v4-alpha.9 v2 v1", "beta", {"clusterStack": "v4-beta.0", "clusterAddon": "v3-beta.0"}),
        ("v3 v2 v1", "v4 v3 v2", "rc", {"clusterStack": "v4-rc.0", "clusterAddon": "v3-rc.0", "nodeImage": "v1"}),
    ],
)
def test_the_next_of_a_channel(base: str, head: str, channel: str, wanted: dict[str, str]) -> None:
    asked = change(base, head, Layer.CLUSTER_ADDON)
    assert told(in_channel(asked, channel)) == wanted
    for component, (_, new) in in_channel(asked, channel).items():
        before = floor(asked, component)
        assert before is None or new == before or is_successor(new, before)


def test_a_new_stack_begins_in_a_channel() -> None:
    asked = change("", "v1 v1 v1", *Layer)
    assert set(told(in_channel(asked, "alpha")).values()) == {"v1-alpha.0"}


def test_no_earlier_channel() -> None:
    with pytest.raises(VersionError, match="alpha comes before beta"):
        in_channel(change("v4-beta.0 v2 v1", "v4-beta.0 v2 v1", Layer.CLUSTER_CLASS), "alpha")


@pytest.mark.parametrize(
    ("base", "head", "layers", "wanted"),
    [
        ("v4-alpha.3 v2 v1", "v4-alpha.3 v2 v1", (), {"clusterStack": "v4"}),
        ("v4-alpha.3 v4-alpha.1 v1", "v4-alpha.3 v4-alpha.1 v1", (), {"clusterStack": "v4", "clusterAddon": "v4"}),
        ("v4-alpha.3 v2 v1", "v4-alpha.4 v2 v1", (Layer.CLUSTER_CLASS,), {"clusterStack": "v4"}),
        ("v3 v2 v1", "v4-alpha.0 v2 v1", (Layer.CLUSTER_CLASS,), {"clusterStack": "v4"}),
        ("v4 v2 v1", "v4 v2 v1", (), {}),
        ("v4 v4-alpha.1 v1", "v4 v4-alpha.1 v1", (), {}),
        ("v0-sha.abc v0-sha.abc v1", "v0-sha.abc v0-sha.abc v1", (), {"clusterStack": "v1", "clusterAddon": "v1"}),
        ("v4-alpha.3 v2 v1", "v4 v2 v1", (), {}),
    ],
)
def test_promotion(base: str, head: str, layers: tuple[Layer, ...], wanted: dict[str, str]) -> None:
    assert told(promoted(change(base, head, *layers))) == wanted


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("alpha", True), ("rc", True), ("stable", False), ("sha", False), ("a-b", False), ("", False), ("1", False)],
)
def test_names_of_channels(name: str, is_one: bool) -> None:
    assert is_channel(name) is is_one
