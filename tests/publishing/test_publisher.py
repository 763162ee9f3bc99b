"""A publish on real repositories: what the branch becomes, and what is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.release import Release
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.commit import commit_tree
from cluster_stacks.publishing.compose import Made

Make = Callable[..., Any]


def test_first_publish_makes_the_whole_branch(repo: Any, release: Make, generation: Make) -> None:
    outcome = repo.publish([release(unit="v1")], [generation()])
    assert outcome.commit == repo.git("rev-parse", "rendered")
    assert repo.files() == [
        ".cluster-stacks/delivery/flux.json",
        ".cluster-stacks/index.json",
        ".gitattributes",
        "README.md",
        "catalogue.html",
        "catalogue.json",
        "delivery/flux/docker-scs-1-36-v1.yaml",
        "delivery/flux/kustomization.yaml",
        "hydrator.metadata",
        "releases/docker/scs/1-36/node-images/v1/image.json",
        "releases/docker/scs/1-36/series.json",
        "releases/docker/scs/1-36/v1/README.md",
        "releases/docker/scs/1-36/v1/cluster-class/class.yaml",
        "releases/docker/scs/1-36/v1/kustomization.yaml",
        "releases/docker/scs/1-36/v1/release.json",
    ]
    assert repo.git("rev-list", "--count", "rendered") == "1"
    assert repo.git("status", "--porcelain") == ""


def test_the_commit_leads_back_to_its_source(repo: Any, release: Make) -> None:
    source = repo.commit('Fix "it"\n\nAll of it.\n\nSigned-off-by: A Tester <tester@example.invalid>')
    repo.publish([release()])
    lines = repo.git("log", "-1", "--format=%B", "rendered").splitlines()
    assert lines[0] == f'{source[:7]}: Fix "it"'
    told = repo.git("log", "-1", "--format=%(trailers)", "rendered").splitlines()
    trailers = dict(line.split(": ", 1) for line in told if line)
    assert trailers["Argocd-reference-commit-sha"] == source
    assert trailers["Argocd-reference-commit-author"] == "A Tester <tester@example.invalid>"
    assert json.loads(trailers["Argocd-reference-commit-body"]).startswith("All of it.\n\nSigned-off-by")
    assert trailers["Argocd-reference-commit-date"] == "2026-01-02T03:04:05+00:00"
    metadata = json.loads(repo.show("hydrator.metadata"))
    assert metadata["drySha"] == source
    assert metadata["subject"] == 'Fix "it"'
    assert metadata["repoURL"] == "https://git.example/stacks"


def test_references_of_the_source_commit_are_handed_on(repo: Any, release: Make) -> None:
    repo.commit(
        "Bump the image\n\nArgocd-reference-commit-sha: 9d5ccef\nArgocd-reference-commit-repourl: https://git.example/code\n"
        'Argocd-reference-commit-body: "one\\ntwo"\n'
    )
    repo.publish([release()])
    references = json.loads(repo.show("hydrator.metadata"))["references"]
    assert references == [{"commit": {"sha": "9d5ccef", "repoURL": "https://git.example/code", "body": "one\ntwo"}}]


def test_nothing_changed_is_no_commit_but_a_note(repo: Any, release: Make, generation: Make) -> None:
    first = repo.publish([release()], [generation()])
    newer = repo.commit("Change nothing that is rendered")
    again = repo.publish([release()], [generation()])
    assert again.commit is None
    assert repo.git("rev-parse", "rendered") == first.commit
    note = repo.git("notes", "--ref=hydrator.metadata", "show", "rendered")
    assert json.loads(note) == {"drySha": newer}


def test_same_source_again_leaves_no_note(repo: Any, release: Make) -> None:
    repo.publish([release()])
    repo.publish([release()])
    assert repo.git("for-each-ref", "refs/notes") == ""


def test_versions_stand_side_by_side_and_the_old_one_keeps_its_tree(repo: Any, release: Make) -> None:
    repo.publish([release(content="one")])
    before = repo.git("rev-parse", "rendered:releases/docker/scs/1-36/v1")
    source = repo.commit("Second")
    outcome = repo.publish([release(version="v2", content="two")])
    assert [item.facts.name for item in outcome.composition.added] == ["docker-scs-1-36-v2"]
    assert repo.git("rev-parse", "rendered:releases/docker/scs/1-36/v1") == before
    series = json.loads(repo.show("releases/docker/scs/1-36/series.json"))
    assert [(v["version"], v["state"]) for v in series["versions"]] == [("v1", "live"), ("v2", "live")]
    assert series["versions"][1]["sourceCommit"] == source
    assert repo.git("rev-list", "--count", "rendered") == "2"
    catalogue = json.loads(repo.show("catalogue.json"))
    assert catalogue["stacks"][0]["latest"] == "v2"


def test_a_published_version_is_never_rendered_over(repo: Any, release: Make) -> None:
    """The digest of the source decides; other output of the same source (a newer helm) changes nothing."""
    repo.publish([release(content="one")])
    before = repo.git("rev-parse", "rendered")
    outcome = repo.publish([release(content="by a newer tool", digest="sha256:one")])
    assert outcome.commit is None
    assert repo.git("rev-parse", "rendered") == before


def test_other_content_under_a_published_version_is_refused(repo: Any, release: Make) -> None:
    first = repo.publish([release(content="one")])
    repo.commit("Second")
    with pytest.raises(Refused) as caught:
        repo.publish([release(content="two"), release("docker/scs/1-37", content="new")])
    [finding] = caught.value.findings
    assert finding.rule == "CS561"
    assert finding.path == "providers/docker/scs/1-36/metadata.yaml"
    assert "published docker/scs/1-36 v1 has other content" in finding.message
    assert "cluster-stacks bump docker/scs/1-36" in finding.message
    commits = (repo.git("rev-parse", "HEAD^")[:7], repo.git("rev-parse", "HEAD")[:7])
    assert "(from commit {}; this is {})".format(*commits) in finding.message
    assert repo.git("rev-parse", "rendered") == first.commit


def test_two_releases_share_a_unit_of_images(repo: Any, release: Make) -> None:
    repo.publish([release(unit="v1")])
    unit = repo.git("rev-parse", "rendered:releases/docker/scs/1-36/node-images/v1")
    repo.publish([release(version="v2", content="two", unit="v1")])
    assert repo.git("rev-parse", "rendered:releases/docker/scs/1-36/node-images/v1") == unit


def test_other_images_under_a_published_version_are_refused(repo: Any, release: Make) -> None:
    repo.publish([release(unit="v1")])
    with pytest.raises(Refused) as caught:
        repo.publish([release(version="v2", content="two", unit="v1", unit_digest="sha256:other")])
    assert [finding.rule for finding in caught.value.findings] == ["CS562"]


def test_files_of_others_stay(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation()])
    theirs = {"delivery/flux/mine.yaml", "releases/docker/scs/1-36/v1/extra.txt", "CODEOWNERS"}
    repo.edit(dict.fromkeys(theirs, "theirs\n"))
    repo.publish([release(version="v2", content="two")], [], redeliver=True)
    files = repo.files()
    assert theirs <= set(files)
    assert "delivery/flux/kustomization.yaml" not in files


def test_a_path_that_others_hold_is_refused(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()])
    theirs = ("delivery/flux/kustomization.yaml", "releases/docker/scs/1-36/v2/x.yaml", "releases/openstack")
    before = repo.edit(dict.fromkeys(theirs, "theirs\n"))
    with pytest.raises(Refused) as caught:
        repo.publish(
            [release(version="v2", content="two"), release("openstack/scs/1-36", content="three")], [generation()]
        )
    assert {finding.rule for finding in caught.value.findings} == {"CS563"}
    assert {finding.path for finding in caught.value.findings} == {
        "delivery/flux/kustomization.yaml", "releases/docker/scs/1-36/v2", "releases/openstack",
    }
    assert repo.git("rev-parse", "rendered") == before


def test_a_branch_of_others_is_refused(repo: Any, release: Make) -> None:
    repo.git("branch", "docs")
    with pytest.raises(Refused) as caught:
        repo.publish([release()], branch="docs")
    assert [finding.rule for finding in caught.value.findings] == ["CS560"]
    assert repo.git("rev-parse", "docs") == repo.git("rev-parse", "main")


def test_an_empty_branch_is_taken(repo: Any, release: Make) -> None:
    """Who protects a branch before its first publish has to make it first."""
    tree = repo.git("hash-object", "-t", "tree", "-w", "--stdin", stdin="")
    root = repo.git("commit-tree", tree, "-m", "empty")
    repo.git("update-ref", "refs/heads/rendered", root)
    outcome = repo.publish([release()])
    assert repo.git("rev-parse", "rendered^") == root
    assert outcome.commit


def test_a_newer_layout_is_refused(repo: Any, release: Make) -> None:
    repo.publish([release()])
    index = repo.show(".cluster-stacks/index.json").replace('"layoutVersion": 1', '"layoutVersion": 2')
    repo.edit({".cluster-stacks/index.json": index})
    with pytest.raises(Refused) as caught:
        repo.publish([release()])
    assert [finding.rule for finding in caught.value.findings] == ["CS551"]


@pytest.mark.parametrize("path", ["releases/docker/scs/1-36/series.json", ".cluster-stacks/index.json"])
@pytest.mark.parametrize("text", ["", "[]", "{", '{"schemaVersion": 1}', '{"schemaVersion": "1"}', "[" * 30_000])
def test_a_damaged_branch_is_refused(repo: Any, release: Make, path: str, text: str) -> None:
    repo.publish([release()])
    repo.edit({path: text})
    with pytest.raises(Refused) as caught:
        repo.publish([release(version="v2", content="two")])
    [finding] = caught.value.findings
    assert finding.path == path
    assert "\n" not in finding.message


def test_a_release_that_somebody_removed_is_told(repo: Any, release: Make) -> None:
    repo.publish([release()])
    repo.edit({"releases/docker/scs/1-36/v1/release.json": None})
    with pytest.raises(Refused, match="is gone from the branch"):
        repo.publish([release()])


def test_dry_run_writes_nothing(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()], [generation()])
    before = (repo.git("for-each-ref"), repo.git("count-objects", "-v"))
    repo.commit("Second")
    before = (repo.git("for-each-ref"), repo.git("count-objects", "-v"))
    outcome = repo.publish([release(version="v2", content="two")], [generation()], dry_run=True)
    assert outcome.commit is None
    assert "releases/docker/scs/1-36/v2/release.json" in outcome.composition.changes
    assert before == (repo.git("for-each-ref"), repo.git("count-objects", "-v"))


def test_the_same_bytes_in_another_clone(repo: Any, release: Make, generation: Make, tmp_path: Path) -> None:
    repo.publish([release()], [generation()])
    repo.git("clone", "-q", "--no-local", ".", str(tmp_path / "second"))
    second = type(repo)(tmp_path / "second")
    second.git("branch", "-q", "-r", "-d", "origin/rendered")
    second.git("config", "core.autocrlf", "true")
    second.publish([release()], [generation()])
    assert second.git("rev-parse", "rendered^{tree}") == repo.git("rev-parse", "rendered^{tree}")


def test_an_older_source_adds_its_releases_and_does_not_take_the_branch_back(
    repo: Any, release: Make, generation: Make
) -> None:
    """Two jobs, the older one last: the same branch as the other way round, but for who came when."""
    old = repo.git("rev-parse", "HEAD")
    new = repo.commit("Second")
    repo.publish([release(version="v2", content="two")], [generation()])
    outcome = repo.publish([release(content="one"), release("docker/scs/1-35")], [generation()], head=old)
    assert outcome.outdated
    assert outcome.commit == repo.git("rev-parse", "rendered")
    assert json.loads(repo.show("hydrator.metadata"))["drySha"] == new
    series = json.loads(repo.show("releases/docker/scs/1-36/series.json"))
    assert [(v["version"], v["sourceCommit"]) for v in series["versions"]] == [("v1", old), ("v2", new)]
    assert json.loads(repo.show("catalogue.json"))["stacks"][1]["latest"] == "v2"
    again = repo.publish([release(content="one"), release("docker/scs/1-35")], [generation()], head=old)
    assert again.outdated
    assert again.commit is None
    assert repo.git("for-each-ref", "refs/notes") == ""


def test_an_older_source_is_delivered_as_the_newer_one_says(repo: Any, release: Make, generation: Make) -> None:
    old = repo.git("rev-parse", "HEAD")
    new = repo.commit("Second")
    repo.publish([release(version="v2", content="two")], [generation(text="new")])
    asked = []

    def made_at(commit: str) -> Made:
        asked.append(commit)
        return Made([generation(text="new")], "https://git.example/new")

    repo.publish([release(content="one")], [generation(text="old"), generation(name="gone")], head=old, made_at=made_at)
    assert asked == [new]
    assert repo.show("delivery/flux/docker-scs-1-36-v1.yaml") == "new docker-scs-1-36-v1"
    assert not any(path.startswith("delivery/gone") for path in repo.files())
    assert json.loads(repo.show("hydrator.metadata"))["repoURL"] == "https://git.example/new"


def test_the_note_counts_as_the_newest_source(repo: Any, release: Make) -> None:
    repo.publish([release()])
    middle = repo.commit("Middle")
    newest = repo.commit("Newest")
    repo.publish([release()])
    outcome = repo.publish([release(version="v2", content="two")], head=middle)
    assert outcome.outdated
    assert json.loads(repo.show("hydrator.metadata"))["drySha"] == newest


def test_an_unknown_source_that_is_not_older_cannot_be_told(repo: Any, release: Make) -> None:
    repo.publish([release()])
    text = repo.show("hydrator.metadata").replace(repo.git("rev-parse", "HEAD"), "f" * 40)
    repo.edit({"hydrator.metadata": text})
    with pytest.raises(CannotTell, match="fetch the whole history"):
        repo.publish([release(version="v2", content="two")])


def test_an_unknown_source_that_is_older_is_passed(repo: Any, release: Make) -> None:
    repo.publish([release()])
    text = repo.show("hydrator.metadata").replace(repo.git("rev-parse", "HEAD"), "f" * 40).replace("2026-", "2025-")
    repo.edit({"hydrator.metadata": text})
    assert repo.publish([release(version="v2", content="two")]).commit


def test_a_lost_race_is_run_again_on_the_new_tip(
    repo: Any, release: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another publish moves the branch between reading its tip and moving it."""
    repo.publish([release()])
    monkeypatch.setattr(publisher, "_PAUSE", 0.001)
    calls = []

    def slow(*args: Any) -> str:
        calls.append(args)
        if len(calls) == 1:
            repo.publish([release("docker/scs/1-35", content="theirs")])
        return commit_tree(*args)

    monkeypatch.setattr(publisher, "commit_tree", slow)
    outcome = repo.publish([release(version="v2", content="two")])
    assert outcome.commit == repo.git("rev-parse", "rendered")
    assert repo.git("rev-list", "--count", "rendered") == "3"
    index = json.loads(repo.show(".cluster-stacks/index.json"))["owned"]
    assert {"releases/docker/scs/1-35/v1/", "releases/docker/scs/1-36/v2/"} <= index.keys()


def test_a_race_that_is_always_lost_ends(repo: Any, release: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.publish([release()])
    monkeypatch.setattr(publisher, "_PAUSE", 0.001)
    monkeypatch.setattr(publisher, "move", lambda *_: False)
    monkeypatch.setattr(publisher, "ATTEMPTS", 7)
    with pytest.raises(CannotTell, match="7 times in a row"):
        repo.publish([release(version="v2", content="two")])
    monkeypatch.setattr(publisher, "ATTEMPTS", 100)
    monkeypatch.setattr(publisher, "PATIENCE", 0.0)
    with pytest.raises(CannotTell, match="6 times in a row"):
        repo.publish([release(version="v2", content="two")])


@pytest.mark.parametrize("where", ["tree_writer", "commit_tree", "move"])
def test_interrupted_anywhere_the_branch_is_the_old_one(
    repo: Any, release: Make, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    first = repo.publish([release()])

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publisher, where, interrupted)
        with pytest.raises(KeyboardInterrupt):
            repo.publish([release(version="v2", content="two")])
    assert repo.git("rev-parse", "rendered") == first.commit
    assert repo.git("status", "--porcelain") == ""
    assert repo.publish([release(version="v2", content="two")]).commit


def test_hostile_paths_of_a_release_are_refused(repo: Any, release: Make) -> None:
    made: Release = release()
    for path in ("../../README.md", "/etc/passwd", "a//b", ".git/config", "a/.GIT/x", "a\nb"):
        made = Release(made.stack, made.metadata, made.facts, {**release().files, path: b""}, ())
        with pytest.raises(Refused) as caught:
            repo.publish([made])
        assert caught.value.findings[0].rule == "CS564"
