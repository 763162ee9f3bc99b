"""series.json: numbers are never freed."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.documents.json import dumps
from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.releases.series import Published, PublishedUnit, Series, State, Status

STACK = StackId("docker", "scs", "1-36")
COMMIT, DIGEST = "c" * 40, "sha256:" + "d" * 64


def series(*versions: tuple[str, State]) -> Series:
    made = Series(STACK)
    for version, state in versions:
        made = made.with_version(Published(Version.parse(version), DIGEST, COMMIT, Status(state)))
    return made


def test_there_and_back() -> None:
    made = series(("v2", State.LIVE), ("v1", State.YANKED)).with_unit(PublishedUnit(Version(1), DIGEST, COMMIT))
    data = dumps(made.as_json()).encode()
    assert Series.from_json(data, "x") == made
    assert check(load(data, "x"), "series") == []
    assert [str(item.version) for item in made.versions] == ["v1", "v2"]


def test_versions_are_in_their_own_order() -> None:
    made = series(("v10", State.LIVE), ("v2-rc.10", State.LIVE), ("v2-rc.9", State.LIVE), ("v2", State.LIVE))
    assert [str(item.version) for item in made.versions] == ["v2-rc.9", "v2-rc.10", "v2", "v10"]


def test_latest_and_predecessor_are_live() -> None:
    made = series(("v1", State.LIVE), ("v2", State.YANKED), ("v3", State.LIVE), ("v4", State.RETIRED))
    assert made.latest
    assert made.latest.version == Version(3)
    found = made.predecessor(Version(3))
    assert found
    assert found.version == Version(1)
    assert made.predecessor(Version(1)) is None
    assert Series(STACK).latest is None
    assert made.find(Version(4))
    assert made.find(Version(5)) is None


@pytest.mark.parametrize(("change", "told"), [
    ({"versions": [{"version": "v1", "state": "gone", "sourceDigest": "", "sourceCommit": ""}]}, "live, yanked"),
    ({"versions": [{"version": "1", "state": "live", "sourceDigest": "", "sourceCommit": ""}]}, "not a version"),
    ({"versions": [{"version": "v1", "state": "live", "sourceDigest": "", "sourceCommit": ""}] * 2}, "stands twice"),
    ({"images": [{"unit": "v1", "digest": 1, "sourceCommit": ""}]}, "digest must be a text"),
    ({"stack": {}}, "provider must be a text"),
])
def test_what_is_wrong_is_named(change: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        Series.from_json({**series().as_json(), **change}, "releases/docker/scs/1-36/series.json")


def test_what_became_of_a_version_there_and_back() -> None:
    status = Status(State.YANKED, "2026-01-02T03:04:05Z", "it loses its network")
    made = series(("v1", State.LIVE), ("v2", State.LIVE)).with_unit(PublishedUnit(Version(1), DIGEST, COMMIT))
    made = made.with_status(Version(2), status).without_folders({Version(2)}, {Version(1)})
    assert str(made.versions[1].status) == "yanked (since 2026-01-02: it loses its network)"
    assert check(load(dumps(made.as_json()).encode(), "series.json"), "series") == []
    assert Series.from_json(dumps(made.as_json()).encode(), "series.json") == made
    assert made.latest == made.versions[0]
    assert made.with_unit(PublishedUnit(Version(1), DIGEST, COMMIT)).images[0].removed is False
    assert made.forgetting({Version(2)}, {Version(1)}) == series(("v1", State.LIVE))


def test_what_was_written_before_there_were_reasons_is_read() -> None:
    """Nothing became of a version: the same bytes as ever."""
    data = series(("v1", State.LIVE)).as_json()
    assert data["versions"] == [
        {"version": "v1", "state": "live", "sourceDigest": DIGEST, "sourceCommit": COMMIT}
    ]
