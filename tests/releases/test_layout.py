"""The paths of the branch."""

from __future__ import annotations

import pytest

from cluster_stacks.model.stack import StackId
from cluster_stacks.releases import layout

STACK = StackId("docker", "scs", "1-36")


def test_paths() -> None:
    assert layout.series_path(STACK) == "releases/docker/scs/1-36/series.json"
    assert layout.release_path(STACK, "v3") == "releases/docker/scs/1-36/v3/release.json"
    assert layout.unit_folder(STACK, "v1") == "releases/docker/scs/1-36/node-images/v1"
    assert layout.delivery_state("flux") == ".cluster-stacks/delivery/flux.json"


@pytest.mark.parametrize("path", [
    "releases/docker/scs/1-36/v1/series.json", "releases/docker/scs/series.json", "releases/docker/scs/x/series.json",
    "x/docker/scs/1-36/series.json", "series.json",
])
def test_no_series(path: str) -> None:
    assert layout.parse_series_path(path) is None


def test_a_series_path_says_whose_it_is() -> None:
    assert layout.parse_series_path(layout.series_path(STACK)) == STACK
