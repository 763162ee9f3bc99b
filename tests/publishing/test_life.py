"""Folders that go, and units of node images that nobody needs: on branches made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.life import Dropped, owned_folders, unneeded_units
from cluster_stacks.publishing.source import read_source
from cluster_stacks.publishing.tips import Target
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.releases.series import State, Status

Make = Callable[..., Any]
STACK = StackId("docker", "scs", "1-36")
V1, V2 = Version(1), Version(2)


def change(repo: Any, generations: Any = (), **wanted: Any) -> publisher.Outcome:
    git = repo.ask
    source = read_source(git, git.commit("HEAD"))
    return publisher.run(git, Target("rendered"), Wanted(source, (), generations, **wanted), lambda *_: ())


def branch(repo: Any) -> Branch:
    git = repo.ask
    return read_branch(git, git.commit("rendered"))


def test_units_that_no_folder_names(repo: Any, release: Make) -> None:
    repo.publish([release(unit="v1")])
    repo.publish([release(version="v2", content="two", unit="v2")])
    found = branch(repo)
    assert unneeded_units(found, frozenset()) == frozenset()
    assert unneeded_units(found, frozenset({(STACK, V1)})) == {(STACK, V1)}
    change(repo, states={(STACK, V1): Status(State.YANKED, reason="bad")})
    assert unneeded_units(branch(repo), frozenset()) == frozenset(), "what a yanked release names stays"


def test_folders_go_and_numbers_stay(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release(unit="v1"), release("docker/scs/1-37", content="other")], [generation()])
    dropped = Dropped(frozenset({(STACK, V1)}), frozenset({(STACK, V1)}))
    states = {(STACK, V1): Status(State.RETIRED)}
    outcome = change(repo, [generation()], states=states, dropped=dropped, title="gc: one")
    assert repo.git("log", "-1", "--format=%s", "rendered") == "gc: one"
    assert not [path for path in repo.files() if path.startswith("releases/docker/scs/1-36/") and "series" not in path]
    assert "delivery/flux/docker-scs-1-36-v1.yaml" not in repo.files()
    assert {path for path, oid in outcome.composition.changes.items() if oid is None} > {
        "releases/docker/scs/1-36/v1/cluster-class/class.yaml",
    }
    series = json.loads(repo.show("releases/docker/scs/1-36/series.json"))
    assert [(v["version"], v["state"], v["removed"]) for v in series["versions"]] == [("v1", "retired", True)]
    assert series["images"][0]["removed"] is True
    assert sorted(owned_folders(branch(repo).series)) == ["releases/docker/scs/1-37/v1/"]
    assert repo.publish([release(unit="v1")]).composition.added == (), "the number is taken"


def test_a_preview_is_forgotten_whole(repo: Any, release: Make) -> None:
    repo.publish([release(version="v0-sha.abc", unit="v0-sha.abc")])
    gone = (STACK, Version(0, "sha", "abc"))
    change(repo, dropped=Dropped(frozenset({gone}), frozenset({gone}), forgotten=True))
    assert not [path for path in repo.files() if path.startswith("releases/")]
    assert [item.facts.name for item in repo.publish([release(version="v0-sha.abc")]).composition.added] == [
        "docker-scs-1-36-v0-sha.abc"
    ]


@pytest.mark.parametrize("state", [State.YANKED, State.RETIRED])
def test_delivery_goes_with_the_state_and_comes_back(repo: Any, release: Make, generation: Make, state: State) -> None:
    repo.publish([release(), release("docker/scs/1-37", content="other")], [generation()])
    before = repo.git("rev-parse", "rendered:delivery")
    change(repo, [generation()], states={(STACK, V1): Status(state, "2026-01-02T03:04:05Z", "bad")})
    assert repo.show("delivery/flux/kustomization.yaml") == "docker-scs-1-37-v1.yaml"
    change(repo, [generation()], states={(STACK, V1): Status()})
    assert repo.git("rev-parse", "rendered:delivery") == before
