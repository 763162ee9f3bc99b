"""Versions: parsed whole, ordered numerically, bumped in their channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.version import KubernetesVersion, Version, VersionError

numbers = st.integers(0, 99) | st.integers(0, 999_999_998)
counted = st.builds(
    Version, numbers, st.sampled_from(["alpha", "beta", "rc", "Alpha", "a_b", "0"]), st.integers(0, 10**30).map(str)
)
hashed = st.builds(
    Version, numbers, st.sampled_from(["sha", "git", "rc"]),
    st.text("0123456789abcXYZ_", max_size=63).map(lambda text: f"{text}a"),
) | st.builds(Version, numbers, st.sampled_from(["sha", "git"]), st.text("0123456789", min_size=1, max_size=64))
versions = st.builds(Version, numbers) | counted
every = versions | hashed


@pytest.mark.parametrize(
    "text", ["v0", "v1", "v12", "v1-alpha.0", "v1-rc.1", "v0-sha.abc", "v0-sha.0123456", "v0-git.x", "v1-0.0"]
)
def test_reads_what_the_operator_reads(text: str) -> None:
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize("text", ["v1-alpha.0", "v1-alpha-0"])
def test_reads_both_the_dot_and_the_dash_form(text: str) -> None:
    assert Version.parse(text) == Version(1, "alpha", "0")


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "v", "V1", "v01", "v1-alpha", "v1.0", "v1-a.1.2", "v1 ", "v1\n", "v١", "v1.alpha.0",
        "v1.alpha-0", "v1-alpha.", "v1-.0",
        "v1-alpha--0", "v1-a.b-c", "v1-älpha.0", "v1-alpha.٠", "v1-stable.0", "v1-stable-1", "v-1",
        "v1234567890", "v1-alpha." + "9" * 65, "v1-alpha.0\n", " v1",
    ],
)
def test_refuses_what_is_no_version(text: str) -> None:
    with pytest.raises(VersionError, match="is not a version such as v3"):
        Version.parse(text)


def test_orders_by_number_and_not_by_text() -> None:
    texts = ["v1-alpha.9", "v1-alpha.10", "v1-beta.0", "v1", "v2-alpha.0", "v9", "v10"]
    assert [str(v) for v in sorted(Version.parse(t) for t in reversed(texts))] == texts


@given(versions)
def test_next_is_higher_and_in_the_same_channel(version: Version) -> None:
    assert version.next() > version
    assert version.next().channel == version.channel


@given(every)
def test_round_trip_in_both_forms(version: Version) -> None:
    assert Version.parse(str(version)) == version
    assert Version.parse(str(version).replace(".", "-")) == version


@given(every, every, every)
def test_the_order_is_total_and_agrees_with_equality(a: Version, b: Version, c: Version) -> None:
    assert [a < b, a == b, a > b].count(True) == 1
    assert not (a < b and b < c) or a < c


@given(numbers, st.sampled_from(["alpha", "rc"]), st.integers(0, 10**9), st.integers(0, 10**9))
def test_patches_order_by_value(major: int, channel: str, one: int, other: int) -> None:
    first, second = (Version(major, channel, str(patch)) for patch in (one, other))
    assert (first < second) is (one < other)
    assert first < Version(major)


@pytest.mark.parametrize(
    "text", ["v0-sha.abc", "v0-sha.0123456", "v0-sha.12", "v1-git.42", "v1-alpha.007", "v1-alpha.x"]
)
def test_what_does_not_count_has_no_successor(text: str) -> None:
    with pytest.raises(VersionError, match="has no next version"):
        Version.parse(text).next()


def test_the_last_number_has_no_successor() -> None:
    with pytest.raises(VersionError, match="the last number"):
        Version.parse("v999999999").next()


def test_kubernetes_versions_order_by_number_and_name_their_directory() -> None:
    assert KubernetesVersion.parse("v1.36.10") > KubernetesVersion.parse("v1.36.9")
    assert KubernetesVersion.parse("v1.36.10").directory == "1-36"


@pytest.mark.parametrize("text", ["1.36.2", "v1.36", "v1.36.2-rc.1", "v1.36.02", "v1.36.2\n"])
def test_kubernetes_versions_are_whole(text: str) -> None:
    with pytest.raises(VersionError, match=r"is not a Kubernetes version such as v1\.36\.2"):
        KubernetesVersion.parse(text)
