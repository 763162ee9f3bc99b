"""Names that somebody may have meant."""

from __future__ import annotations

import pytest

from cluster_stacks.model.near import near_names


@pytest.mark.parametrize(("name", "known", "near"), [
    ("docker/scs/1-63", ["docker/scs/1-37", "docker/scs/1-36", "docker/scs/1-35"], "docker/scs/1-36"),
    ("stagin", ["production", "staging"], "staging"),
    ("zzz", ["production", "staging"], None),
    ("x", [], None),
])
def test_the_nearest(name: str, known: list[str], near: str | None) -> None:
    assert next(iter(near_names(name, known)), None) == near


def test_how_many_and_in_which_order() -> None:
    assert near_names("v12", ["v1", "v2", "v12", "v21", "v12"], 3) == ["v12", "v21", "v1"]
