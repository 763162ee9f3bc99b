"""With `bump: merge`: which changes are left to the merge, and what it makes of them."""

from __future__ import annotations

import pytest

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.model.version import KubernetesVersion, Version
from cluster_stacks.versioning.change import LayerChange, StackChange, Status
from cluster_stacks.versioning.merging import after_merge, is_left_to_merge, moved

CLASS = {Layer.CLUSTER_CLASS: LayerChange(("class.yaml",))}


def metadata(text: str) -> Metadata | None:
    if not text:
        return None
    stack, addon, image = (Version.parse(word) for word in text.split())
    return Metadata(stack, KubernetesVersion(1, 36, 1), addon, image)


def change(base: str, head: str, tip: str = "", status: Status = Status.CHANGED) -> StackChange:
    stack = StackId("docker", "scs", "1-36")
    return StackChange(stack, status, CLASS, metadata(base), metadata(head), metadata(tip or base), "main")


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (change("v3 v2 v1", "v3 v2 v1"), True),
        (change("v3 v2 v1", "v4 v2 v1"), True),
        (change("v3 v2 v1", "v4-alpha.0 v2 v1"), False),
        (change("v4-alpha.0 v2 v1", "v4 v2 v1"), False),
        (change("v4-alpha.0 v2 v1", "v4-alpha.0 v2 v1"), True),
        (change("", "v1 v1 v1", status=Status.NEW), False),
        (change("v3 v2 v1", "", status=Status.REMOVED), False),
        (change("v3 v2 v1", "v3 v2 v1")._replace(unreadable=True), False),
    ],
)
def test_what_is_left_to_the_merge(given: StackChange, left: bool) -> None:
    assert is_left_to_merge(given) is left


def test_a_version_of_either_side_did_not_move() -> None:
    assert moved(change("v3 v2 v1", "v3 v2 v1", "v5 v2 v1")) == {}
    assert moved(change("v3 v2 v1", "v5 v2 v1", "v5 v2 v1")) == {}
    ((component, (given, before)),) = moved(change("v3 v2 v1", "v4 v2 v1", "v5 v2 v1")).items()
    assert (component, str(given), str(before)) == (Component.CLUSTER_STACK, "v4", "v5")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (change("v3 v2 v1", "v3 v2 v1"), "v4"), (change("v3 v2 v1", "v4 v2 v1", "v5 v2 v1"), "v6"),
        (change("v4-alpha.0 v2 v1", "v4-alpha.0 v2 v1"), "v4-alpha.1"),
        (change("v0-sha.abc v2 v1", "v0-sha.abc v2 v1"), "None"),
    ],
)
def test_what_the_merge_makes(given: StackChange, told: str) -> None:
    assert {component: str(version) for component, version in after_merge(given).items()} == {
        Component.CLUSTER_STACK: told
    }
