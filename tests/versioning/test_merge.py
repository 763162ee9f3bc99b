"""Which versions a merge must have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.version import KubernetesVersion, Version
from cluster_stacks.versioning.expected import VERSIONED, version_of
from cluster_stacks.versioning.merge import Conflict, merge_kubernetes, merge_versions


def versions(text: str) -> Metadata:
    """`3 1.36.1 2 1`: clusterStack, kubernetes, clusterAddon, nodeImage."""
    stack, kubernetes, addon, image = (f"v{word}" for word in text.split())
    kubernetes_version = KubernetesVersion.parse(kubernetes)
    return Metadata(Version.parse(stack), kubernetes_version, Version.parse(addon), Version.parse(image))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("3 1.36.1 2 1", "4 1.36.1 2 1", "4 1.36.1 2 1", "5 1.36.1 2 1"),
        ("3 1.36.1 2 1", "4 1.36.1 3 1", "4 1.36.1 2 2", "5 1.36.1 3 2"),
        ("3 1.36.1 2 1", "6 1.36.1 4 1", "4 1.36.1 3 1", "7 1.36.1 5 1"),
        ("3 1.36.1 2 1", "4 1.36.2 2 1", "4 1.36.1 3 1", "5 1.36.2 3 1"),
        ("3 1.36.1 2 1", "4 1.36.1 2 1", "4 1.36.2 2 1", "5 1.36.2 2 1"),
        ("3 1.36.1 2 1", "4 1.36.1 2 1", "3 1.36.1 2 1", "4 1.36.1 2 1"),
        ("3 1.36.1 2 1", "5 1.36.1 2 1", "6 1.36.1 2 1", "6 1.36.1 2 1"),
        ("1-rc.3 1.36.1 1 1", "1-rc.4 1.36.1 1 1", "1-rc.4 1.36.1 1 1", "1-rc.5 1.36.1 1 1"),
    ],
)
def test_a_topic_into_its_target(base: str, ours: str, theirs: str, merged: str) -> None:
    assert merge_versions(*map(versions, (base, ours, theirs))) == versions(merged)


def test_the_target_into_a_topic() -> None:
    base, topic, main = map(versions, ("3 1.36.1 2 1", "4 1.36.1 3 1", "6 1.36.1 2 2"))
    assert merge_versions(base, topic, main, target=main) == versions("7 1.36.1 3 2")


def test_what_was_seen_to_change_decides() -> None:
    base, ours, theirs = map(versions, ("3 1.36.1 2 1", "4 1.36.1 3 1", "4 1.36.1 3 1"))
    assert merge_versions(base, ours, theirs, changed=()) == ours
    assert merge_versions(base, ours, theirs, changed=(Component.CLUSTER_STACK,)) == versions("5 1.36.1 3 1")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "reason"),
    [
        ("3 1.36.1 2 1", "4 1.36.2 2 1", "4 1.36.3 2 1", "both sides move kubernetes: v1.36.2 and v1.36.3"),
        ("3 1.36.1 2 1", "4 1.36.1 2 1", "6 1.36.1 2 1", "clusterStack moved from v3 to v6, which is not one step"),
        ("3 1.36.1 2 1", "4 1.36.1 2 1", "2 1.36.1 2 1", "clusterStack moved from v3 to v2, which is not one step"),
        ("3 1.36.1 2 1", "2 1.36.1 2 1", "4 1.36.1 2 1", "clusterStack moved down, from v3 to v2"),
        ("1-rc.1 1.36.1 1 1", "1-rc.2 1.36.1 1 1", "1 1.36.1 1 1", "different channels: v1-rc.1, v1-rc.2, v1"),
        ("0-sha.a 1.36.1 1 1", "0-sha.b 1.36.1 1 1", "0-sha.c 1.36.1 1 1", "v0-sha.b has no next version"),
    ],
)
def test_what_cannot_be_known(base: str, ours: str, theirs: str, reason: str) -> None:
    found = merge_versions(*map(versions, (base, ours, theirs)))
    assert isinstance(found, Conflict)
    assert reason in found.reason


def test_kubernetes_follows_the_side_that_moved_it() -> None:
    one, two, three = (KubernetesVersion(1, 36, patch) for patch in (1, 2, 3))
    assert merge_kubernetes(one, two, one) == merge_kubernetes(one, one, two) == merge_kubernetes(one, two, two) == two
    assert merge_kubernetes(three, two, three) == two, "a side that went back did so on purpose: a rule asks about it"
    assert isinstance(merge_kubernetes(one, two, three), Conflict)


steps = st.tuples(*[st.integers(0, 3)] * 3)


@given(start=steps, ours=steps, theirs=st.tuples(*[st.booleans()] * 3))
def test_the_merge_follows_the_target_by_one_step_where_the_topic_moved(
    start: tuple[int, ...], ours: tuple[int, ...], theirs: tuple[bool, ...]
) -> None:
    moved_on = [tuple(map(sum, zip(start, side, strict=True))) for side in (ours, theirs)]
    base, target, topic = (
        Metadata(Version(numbers[0]), KubernetesVersion(1, 36, 1), Version(numbers[1]), Version(numbers[2]))
        for numbers in (start, *moved_on)
    )
    for merged in (merge_versions(base, target, topic), merge_versions(base, topic, target, target=target)):
        assert isinstance(merged, Metadata)
        for component, moved in zip(VERSIONED, theirs, strict=True):
            assert version_of(merged, component).major == version_of(target, component).major + moved
