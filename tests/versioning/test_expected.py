"""Which version follows which."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.model.version import KubernetesVersion, Version, VersionError
from cluster_stacks.versioning.bump import bumped, edits
from cluster_stacks.versioning.change import LayerChange, StackChange, Status
from cluster_stacks.versioning.expected import expected, is_first, is_plain, is_right, is_successor, wanted
from cluster_stacks.versioning.judge import is_collision, must_be
from cluster_stacks.versioning.rules import judge_change
from cluster_stacks.versioning.rules.of_changes import judge


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        ("v3", "v4", True), ("v3", "v3", False), ("v3", "v5", False), ("v3", "v2", False), ("v3", "v4-alpha.0", True),
        ("v3", "v4-alpha.1", False), ("v3", "v3-alpha.0", False), ("v9", "v10", True),
        ("v1-alpha.0", "v1-alpha.1", True), ("v1-alpha.9", "v1-alpha.10", True), ("v1-alpha.10", "v1-alpha.9", False),
        ("v1-alpha.3", "v1", True), ("v1-alpha.3", "v2", False), ("v1-alpha.3", "v1-beta.0", True),
        ("v1-alpha.3", "v1-beta.1", False), ("v1-alpha.3", "v2-alpha.0", False), ("v0-sha.abc", "v0-sha.def", True),
        ("v0-sha.abc", "v0-sha.abc", False), ("v0-sha.abc", "v1-sha.def", True), ("v0-sha.abc", "v0", True),
        ("v0-sha.12", "v0-sha.ab", True), ("v0-sha.12", "v0-sha.13", True), ("v1-alpha.3", "v1-alpha.3", False),
        ("v1-alpha.3", "v1-alpha.5", False), ("v1-rc.0", "v1-sha.abc", True), ("v3", "v4-sha.abc", True),
        ("v3", "v3-sha.abc", False), ("v1-alpha.0", "v1-alpha.01", False),
        ("v1-beta.0", "v1-alpha.0", False), ("v0-sha.ab", "v1", True), ("v0-sha.ab", "v1-alpha.0", True),
        ("v0-sha.ab", "v1-alpha.1", False), ("v0-sha.ab", "v2", False), ("v0", "v1", True), ("v1-alpha.0", "v0", False),
    ],
)
def test_one_step(before: str, after: str, follows: bool) -> None:
    assert is_successor(Version.parse(after), Version.parse(before)) is follows


numbers = st.integers(0, 5)
some = st.builds(Version, numbers) | st.builds(
    Version, numbers, st.sampled_from(["alpha", "beta", "sha"]), st.sampled_from(["0", "1", "2", "10", "ab", "007"])
)


@given(some)
def test_a_bump_is_one_step(before: Version) -> None:
    try:
        after = before.next()
    except VersionError:
        return
    assert is_successor(after, before)


@given(some, some)
def test_a_step_goes_up_and_never_over_a_stable_version(after: Version, before: Version) -> None:
    if is_successor(after, before):
        assert after != before
        assert after > before or not before.is_numbered
        assert after.major - before.major in (0, 1)
        assert not is_successor(before, after) or before.channel == after.channel


@given(some, some)
def test_only_the_first_pre_release_opens_a_channel(after: Version, before: Version) -> None:
    if is_successor(after, before) and after.channel not in (before.channel, "stable"):
        assert after.begins_channel


def test_the_first_version() -> None:
    good, bad = ("v1", "v1-alpha.0", "v0-sha.abc"), ("v0", "v2", "v2-alpha.0")
    assert [is_first(Version.parse(text)) for text in good + bad] == [True] * 3 + [False] * 3


def versions(text: str) -> Metadata:
    stack, addon, image = (Version.parse(word) for word in text.split())
    return Metadata(stack, KubernetesVersion(1, 36, 1), addon, image, dict.fromkeys(Component, Position(1, 1)))


def change(base: str, head: str, tip: str, *layers: Layer, status: Status = Status.CHANGED) -> StackChange:
    def known(text: str) -> Metadata | None:
        return versions(text) if text else None

    return StackChange(
        StackId("docker", "scs", "1-36"), status, {layer: LayerChange((f"{layer}/x",)) for layer in layers},
        known(base), known(head), known(tip), "main",
    )


@pytest.mark.parametrize(
    ("base", "head", "tip", "layers", "result"),
    [
        ("v3 v2 v1", "v3 v2 v1", "v3 v2 v1", [Layer.CLUSTER_CLASS], "v4 v2 v1"),
        ("v3 v2 v1", "v3 v2 v1", "v3 v2 v1", [Layer.CLUSTER_ADDON], "v4 v3 v1"),
        ("v3 v2 v1", "v3 v2 v1", "v3 v2 v1", list(Layer), "v4 v3 v2"),
        ("v3 v2 v1", "v4 v2 v1", "v5 v3 v1", [Layer.NODE_IMAGES], "v6 v2 v2"),
        ("v3 v2 v1", "v4 v3 v1", "v4 v3 v1", [Layer.CLUSTER_CLASS], "v5 v3 v1"),
        ("v3 v2 v1", "v9 v9 v9", "v3 v2 v1", [], "v3 v2 v1"),
        ("", "v3 v2 v1", "v1 v1 v1", list(Layer), "v2 v2 v2"),
        ("v3 v2 v1", "v3 v2 v1", "", [Layer.CLUSTER_CLASS], "v4 v2 v1"),
        ("v0-sha.a v2 v1", "v0-sha.a v2 v1", "v0-sha.a v2 v1", [Layer.CLUSTER_CLASS], "v0-sha.a v2 v1"),
    ],
)
def test_what_must_be(base: str, head: str, tip: str, layers: list[Layer], result: str) -> None:
    assert expected(change(base, head, tip, *layers)) == versions(result)


some_versions = st.builds("v{} v{} v{}".format, *[st.integers(1, 3)] * 3)


@given(
    some_versions | st.just(""), some_versions, some_versions | st.just(""), st.sets(st.sampled_from(list(Layer))),
    st.sampled_from(Status), st.integers(0, 2), st.booleans(),
)
def test_a_plain_change_is_one_that_no_rule_finds_fault_with(
    base: str, head: str, tip: str, layers: set[Layer], status: Status, patch: int, unreadable: bool
) -> None:
    made = change(base, head, tip, *layers, status=status)
    assert made.head
    kubernetes = dataclasses.replace(made.head, kubernetes=KubernetesVersion(1, 36, patch))
    made = made._replace(head=kubernetes, unreadable=unreadable)
    assert not is_plain(made) or judge(made) == []
    assert judge_change(made) == judge(made)


def test_a_removed_stack_expects_nothing() -> None:
    gone = change("v3 v2 v1", "", "v3 v2 v1", status=Status.REMOVED)
    assert expected(gone) is None
    assert edits(gone) == {}
    assert is_right(gone, Component.CLUSTER_STACK)
    assert not is_collision(gone)


def test_a_version_whose_successor_nobody_can_compute() -> None:
    changed = change("v0-sha.a v2 v1", "v0-sha.a v2 v1", "v0-sha.a v2 v1", Layer.CLUSTER_CLASS)
    assert wanted(changed, Component.CLUSTER_STACK) is None
    assert not is_right(changed, Component.CLUSTER_STACK)
    assert must_be(changed, Component.CLUSTER_STACK) == "clusterStack must move on from v0-sha.a"
    assert edits(changed) == {}


def test_the_class_version_goes_with_the_stacks() -> None:
    before = (
        b"apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1\r\nversions:\r\n  clusterStack: 'v3'   # ours\r\n"
        b"  kubernetes: v1.36.1\r\n  components: {clusterClass: \"v3\", clusterAddon: v2, nodeImage: v1}\r\n"
    )
    found = edits(change("v3 v2 v1", "v3 v2 v1", "v3 v2 v1", Layer.CLUSTER_ADDON))
    after = before.replace(b"'v3'", b"'v4'").replace(b'"v3"', b'"v4"').replace(b"v2", b"v3")
    assert bumped(before, found, "metadata.yaml") == after
