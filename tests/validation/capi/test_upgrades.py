"""Upgrades of a Cluster. The refusals and the chain v1.33 → v1.34 → v1.35 were seen on a real management cluster."""

from __future__ import annotations

import pytest

from cluster_stacks.validation.capi.upgrades import Plan, upgrade_plan

LISTED = ("v1.33.0", "v1.34.0", "v1.34.2", "v1.35.0", "v1.35.1", "v1.36.0", "v1.37.0", "v1.38.0")


@pytest.mark.parametrize(("old", "new", "listed", "words"), [
    ("v1.33.0", "v1.32.0", (), "cannot go back"),
    ("v1.33.0", "v1.35.0", (), "cannot skip a minor"),
    ("v1.33.0", "v1.39.0", LISTED, "the class is for Kubernetes"),
    ("v1.35.0", "v1.33.0", LISTED, "cannot go back"),
    ("v1.33.0", "v1.35.0", ("v1.33.0", "v1.35.0"), "no version of 1.34"),
    ("v1.33.0", "stable", (), "stable is no version"),
])
def test_a_refusal(old: str, new: str, listed: tuple[str, ...], words: str) -> None:
    plan = upgrade_plan(old, new, listed)
    assert words in plan.refusal
    assert not plan.control_plane
    assert not plan.workers


@pytest.mark.parametrize(("old", "new", "control_plane"), [
    ("v1.33.0", "v1.35.0", ("v1.34.2", "v1.35.0")),
    ("v1.33.0", "v1.35.1", ("v1.34.2", "v1.35.1")),
    ("v1.34.0", "v1.34.2", ("v1.34.2",)),
    ("v1.34.1", "v1.35.0", ("v1.35.0",)),
])
def test_the_last_version_of_each_minor(old: str, new: str, control_plane: tuple[str, ...]) -> None:
    assert upgrade_plan(old, new, LISTED) == Plan("", control_plane, (new,))


def test_workers_follow_before_they_are_four_minors_behind() -> None:
    plan = upgrade_plan("v1.33.0", "v1.38.0", LISTED)
    assert plan.workers == ("v1.36.0", "v1.38.0")


def test_one_minor_without_a_list() -> None:
    assert upgrade_plan("v1.33.5", "v1.34.0") == Plan("", ("v1.34.0",), ("v1.34.0",))
    assert upgrade_plan("v1.34.0", "v1.34.0") == Plan()
