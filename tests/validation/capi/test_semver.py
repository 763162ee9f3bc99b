"""Versions as Cluster API reads them. The expected answers are those of blang/semver, which it uses."""

from __future__ import annotations

import pytest

from cluster_stacks.validation.capi.semver import Semver, parse_semver, parse_tolerant, parse_version


@pytest.mark.parametrize("text", ["v1.36.1", "v1.36.1-rc.1", "v1.36.1+build.5", "v0.0.0"])
def test_a_version_of_a_cluster(text: str) -> None:
    assert str(parse_version(text)) == text


@pytest.mark.parametrize("text", [
    "", "v", "1.36.1", "v1.36", "v01.36.1", "v1.36.1-", "v1.36.1-01", "v1.36.1\n", "v1.36.1.0", "v" + "9" * 999,
])
def test_no_version_of_a_cluster(text: str) -> None:
    assert parse_version(text) is None


def test_zeros_in_front_are_no_semver() -> None:
    assert parse_semver("1.036.1") is None
    assert parse_semver("1.36.1") == Semver(1, 36, 1)


@pytest.mark.parametrize(("text", "expected"), [
    ("v1.12.1", (1, 12, 1)), ("1.12", (1, 12, 0)), ("1", (1, 0, 0)), ("01.12.0", (1, 12, 0)), (" v1.0.0 ", (1, 0, 0)),
    ("1.12.0-eksbuild.1", (1, 12, 0)), ("v1.12.0+x", (1, 12, 0)), ("0.0.0", (0, 0, 0)),
])
def test_a_tolerated_version(text: str, expected: tuple[int, int, int]) -> None:
    found = parse_tolerant(text)
    assert found is not None
    assert found.release == expected


@pytest.mark.parametrize("text", ["latest", "", "1.12-rc.1", "1.x", "v", "1.2.3.4"])
def test_what_is_not_even_tolerated(text: str) -> None:
    assert parse_tolerant(text) is None
