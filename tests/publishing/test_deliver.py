"""What clusters already run stays as it is; what tells of all releases is made anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cluster_stacks.model.errors import Refused

Make = Callable[..., Any]


def test_a_new_release_adds_its_files_and_leaves_the_others(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation(text="one")])
    repo.publish([release(version="v2", content="two")], [generation(text="two", version="2")])
    assert repo.show("delivery/flux/docker-scs-1-36-v1.yaml") == "one docker-scs-1-36-v1"
    assert repo.show("delivery/flux/docker-scs-1-36-v2.yaml") == "two docker-scs-1-36-v2"
    assert repo.show("delivery/flux/kustomization.yaml").splitlines() == [
        "docker-scs-1-36-v1.yaml", "docker-scs-1-36-v2.yaml",
    ]


def test_a_better_generator_changes_what_runs_only_when_told(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation(text="one")])
    outcome = repo.publish([release()], [generation(text="two", version="2")])
    assert "flux 1 is 2 now: 1 file of" in outcome.composition.notes[0]
    assert list(outcome.composition.changes) == [".cluster-stacks/delivery/flux.json"]
    assert repo.show("delivery/flux/docker-scs-1-36-v1.yaml") == "one docker-scs-1-36-v1"
    repo.publish([release()], [generation(text="two", version="2")], redeliver=True)
    assert repo.show("delivery/flux/docker-scs-1-36-v1.yaml") == "two docker-scs-1-36-v1"


def test_other_parameters_too(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation(text="a")])
    outcome = repo.publish([release()], [generation(text="b")])
    assert "flux has other parameters or templates now: 1 file of" in outcome.composition.notes[0]
    assert repo.publish([release()], [generation(text="b")]).composition.notes == ()


def test_a_better_generator_adds_what_is_missing(repo: Any, release: Make, generation: Make, file: Any) -> None:
    repo.publish([release()], [generation()])

    def more(facts: Any, kept: Any) -> list[Any]:
        assert "docker-scs-1-36-v1.yaml" in kept
        return [file("docker-scs-1-36-v1-addons.yaml", b"new\n", "docker-scs-1-36-v1")]

    repo.publish([release()], [generation(more, version="2", text="two")])
    assert repo.show("delivery/flux/docker-scs-1-36-v1-addons.yaml") == "new"
    assert repo.show("delivery/flux/docker-scs-1-36-v1.yaml") == "one docker-scs-1-36-v1"


def test_a_generator_is_not_run_where_nothing_changed(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation()])

    def never(facts: Any, kept: Any) -> list[Any]:
        raise AssertionError("nothing that it reads has changed")

    assert repo.publish([release()], [generation(never)]).commit is None


def test_a_delivered_file_that_somebody_removed_comes_back(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation()])
    repo.edit({"delivery/flux/docker-scs-1-36-v1.yaml": None})
    repo.publish([release()], [generation()])
    assert repo.show("delivery/flux/docker-scs-1-36-v1.yaml") == "one docker-scs-1-36-v1"


def test_what_is_no_longer_live_is_no_longer_delivered(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation()])
    repo.publish([release(version="v2", content="two")], [generation()])
    path = "releases/docker/scs/1-36/series.json"
    series = json.loads(repo.show(path))
    series["versions"][0]["state"] = "yanked"
    repo.edit({path: json.dumps(series)})
    repo.publish([release(version="v2", content="two")], [generation()])
    assert "delivery/flux/docker-scs-1-36-v1.yaml" not in repo.files()
    assert "delivery/flux/docker-scs-1-36-v2.yaml" in repo.files()
    assert "releases/docker/scs/1-36/v1/release.json" in repo.files()
    [stack] = json.loads(repo.show("catalogue.json"))["stacks"]
    assert [(item["version"], item["state"]) for item in stack["releases"]] == [("v1", "yanked"), ("v2", "live")]


def test_a_generator_that_is_disabled_keeps_what_it_delivered(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation(), generation(name="argocd")])
    before = repo.git("rev-parse", "rendered:delivery/argocd")
    outcome = repo.publish([release(version="v2", content="two")], [generation()])
    assert repo.git("rev-parse", "rendered:delivery/argocd") == before
    assert "argocd is no longer enabled" in outcome.composition.notes[0]
    outcome = repo.publish([], [generation()], redeliver=True)
    gone = [path for path, oid in outcome.composition.changes.items() if oid is None]
    assert gone == [
        ".cluster-stacks/delivery/argocd.json", "delivery/argocd/docker-scs-1-36-v1.yaml",
        "delivery/argocd/kustomization.yaml",
    ]
    assert outcome.composition.notes == ()


def test_paths_of_a_generator_stay_in_its_folder(repo: Any, release: Make, generation: Make, file: Any) -> None:
    with pytest.raises(Refused) as caught:
        repo.publish([release()], [generation(lambda *_: [file("../../README.md", b"")])])
    assert caught.value.findings[0].rule == "CS564"
