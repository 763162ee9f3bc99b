"""The files that tell of all releases at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cluster_stacks.documents.json import dumps
from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing.shared import catalogue, readme
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.series import Published, Series, State, Status

Make = Callable[..., Any]
STACK = StackId("docker", "scs", "1-36")


def facts(release: Make, *versions: str, **more: object) -> list[ReleaseFacts]:
    return [ReleaseFacts.from_json({**release(version=version).facts, **more}, "x") for version in versions]


def series(*items: ReleaseFacts) -> dict[StackId, Series]:
    made = Series(STACK, tuple(Published(item.version, "sha256:x", "c" * 40) for item in items))
    return {STACK: made}


def test_one_row_a_stack_with_its_newest_release(release: Make) -> None:
    known = facts(release, "v1", "v2")
    text = readme(series(*known), known, ["flux"]).decode()
    live = "[v1](releases/docker/scs/1-36/v1), [v2](releases/docker/scs/1-36/v2)"
    assert f"| docker/scs/1-36 | v2 | v1.36.1 |  |  | {live} |\n" in text
    assert "- `delivery/flux/`: flux\n" in text


def test_a_name_stays_in_its_cell(release: Make) -> None:
    addon = {
        "name": "a|b\n<script>", "namespace": "x", "releaseName": "x", "renderer": "helm", "path": "x", "order": 0,
        "dependsOn": [], "clusterLabels": {}, "hook": None, "chart": None, "values": None, "overwrite": False,
    }
    known = facts(release, "v1", addons=[addon])
    assert "| a\\|b &lt;script> |" in readme(series(*known), known, []).decode()


def test_a_stack_with_nothing_live(release: Make) -> None:
    retired = Published(facts(release, "v1")[0].version, "sha256:x", "c" * 40, Status(State.RETIRED))
    made = {STACK: Series(STACK, (retired,))}
    assert "| docker/scs/1-36 | none | | | | |\n" in readme(made, [], []).decode()
    data = catalogue(made, [])
    assert json.loads(data)["stacks"][0]["latest"] is None
    assert check(load(data, "catalogue.json"), "catalogue") == []


def test_the_catalogue_says_what_live_releases_are_made_of(release: Make) -> None:
    known = facts(release, "v1")
    data = catalogue(series(*known), known)
    assert check(load(data, "catalogue.json"), "catalogue") == []
    [stack] = json.loads(data)["stacks"]
    assert stack["releases"][0]["classes"] == ["docker-scs-1-36-v1"]
    assert data == dumps(json.loads(data)).encode()
