"""`publish --redeliver`: what changes for clusters is told, and only what was named changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from cluster_stacks.operations.redelivery import Chosen
from gitrepo_plugin import GitRepo
from stacks_fixture import SETTINGS, Cli, copied, two_versions

CLASSES = "delivery/flux/classes/docker-scs-1-36"


@pytest.fixture(scope="module")
def template(root: Path, tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Two releases, delivered by other parameters than those of HEAD."""
    repo = two_versions(root, tmp_path_factory.mktemp("redelivery") / "stacks")
    repo.write({".cluster-stacks.yaml": SETTINGS + "    parameters: {interval: 30m}\n"})
    repo.git("commit", "-qam", "Look more often")
    return repo


@pytest.fixture
def repo(template: GitRepo, tmp_path: Path) -> GitRepo:
    return copied(template, tmp_path / "stacks")


def interval(repo: GitRepo, version: str) -> object:
    text = repo.git("show", f"rendered:{CLASSES}-{version}.yaml")
    value = load(text.encode(), "class.yaml").value
    return value["spec"]["interval"]


def test_without_it_what_is_delivered_stays(repo: GitRepo, cli: Cli) -> None:
    assert cli("publish")[0] == 0
    assert [interval(repo, version) for version in ("v1", "v2")] == ["60m", "60m"]


def test_only_what_was_named(repo: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("publish", "--redeliver", "docker/scs/1-36/v2")
    assert code == 0
    assert f'~ {CLASSES}-v2.yaml: Kustomization docker-scs-1-36-v2\n    spec.interval: "60m" → "30m"\n' in out
    assert f"{CLASSES}-v1" not in out
    assert [interval(repo, version) for version in ("v1", "v2")] == ["60m", "30m"]


def test_the_difference_first(repo: GitRepo, cli: Cli) -> None:
    before = repo.git("rev-parse", "rendered")
    code, out, _ = cli("publish", "--redeliver", "--dry-run")
    assert code == 0
    assert out.count('spec.interval: "60m" → "30m"') >= 2
    assert repo.git("rev-parse", "rendered") == before
    assert cli("publish", "--redeliver")[0] == 0
    assert [interval(repo, version) for version in ("v1", "v2")] == ["30m", "30m"]
    code, out, _ = cli("publish", "--redeliver")
    assert (code, out) == (0, "rendered: nothing changed\n")


def test_json(repo: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("publish", "--redeliver", "--dry-run", "--format", "json")
    assert code == 0
    assert check(load(out.encode(), "publish.json"), "publish") == []
    told = {item["path"]: item["differences"] for item in json.loads(out)["redelivered"]}
    assert told[f"{CLASSES}-v1.yaml"] == [{"path": "spec.interval", "old": "60m", "new": "30m"}]


@pytest.mark.parametrize(("pattern", "name", "meant"), [
    ("docker/scs/1-36/v2", "docker-scs-1-36-v2", True),
    ("docker/scs/1-36/v2", "docker-scs-1-36-v20", False),
    ("docker/scs/1-36", "docker-scs-1-36-v1-alpha.0", True),
    ("providers/docker/scs", "docker-scs-1-37-v2", True),
    ("docker/scs/1-3", "docker-scs-1-36-v2", False),
    ("docker/sc", "docker-scs-1-36-v2", False),
])
def test_which_releases_are_meant(pattern: str, name: str, meant: bool) -> None:
    assert (name in Chosen([pattern])) is meant


@pytest.mark.parametrize(("before", "release", "told"), [
    ((), "v9", "was never published"),
    (("retire", "docker/scs/1-36/v1"), "v1", "is retired"),
])
def test_a_release_that_is_not_delivered(
    repo: GitRepo, cli: Cli, before: tuple[str, ...], release: str, told: str
) -> None:
    if before:
        assert cli(*before)[0] == 0
    tip = repo.git("rev-parse", "rendered")
    code, out, err = cli("publish", "--redeliver", f"docker/scs/1-36/{release}")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err
    assert repo.git("rev-parse", "rendered") == tip
