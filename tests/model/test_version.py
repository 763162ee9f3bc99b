"""Versions: parsed whole, ordered numerically, bumped in their channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.version import KubernetesVersion, Version, VersionError

versions = st.builds(Version, st.integers(0, 99)) | st.builds(
    Version, st.integers(0, 99), st.sampled_from(["alpha", "beta", "rc"]), st.integers(0, 99).map(str)
)


@pytest.mark.parametrize("text", ["v0", "v1", "v12", "v1-alpha.0", "v1-rc.1", "v0-sha.abc", "v0-git.x"])
def test_reads_what_the_operator_reads(text: str) -> None:
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize("text", ["v1.alpha.0", "v1-alpha-0", "v1.alpha-0"])
def test_reads_both_the_dot_and_the_dash_form(text: str) -> None:
    assert Version.parse(text) == Version(1, "alpha", "0")


@pytest.mark.parametrize("text", ["", "1", "v", "V1", "v01", "v1-alpha", "v1.0", "v1-a.1.2", "v1 ", "v1\n", "v١"])
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


@given(versions)
def test_round_trip(version: Version) -> None:
    assert Version.parse(str(version)) == version


def test_a_hash_has_no_successor() -> None:
    with pytest.raises(VersionError, match="has no next version"):
        Version.parse("v0-sha.abc").next()


def test_kubernetes_versions_order_by_number_and_name_their_directory() -> None:
    assert KubernetesVersion.parse("v1.36.10") > KubernetesVersion.parse("v1.36.9")
    assert KubernetesVersion.parse("v1.36.10").directory == "1-36"


@pytest.mark.parametrize("text", ["1.36.2", "v1.36", "v1.36.2-rc.1", "v1.36.02", "v1.36.2\n"])
def test_kubernetes_versions_are_whole(text: str) -> None:
    with pytest.raises(VersionError, match=r"is not a Kubernetes version such as v1\.36\.2"):
        KubernetesVersion.parse(text)
