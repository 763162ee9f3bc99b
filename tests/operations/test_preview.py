"""Previews: names that no release has, one branch that follows its change, and its end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo
from stacks_fixture import Cli, copied, listed, new_version, two_versions

BRANCH = "preview/pr-1"
TREE = "releases/docker/scs/1-36"


@pytest.fixture(scope="module")
def template(root: Path, tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """v1 and v2 published, and a branch with an edit that nobody bumped."""
    repo = two_versions(root, tmp_path_factory.mktemp("preview") / "stacks")
    repo.git("checkout", "-q", "-b", "change")
    new_version(repo, "v2", 5)
    return repo


@pytest.fixture
def repo(template: GitRepo, tmp_path: Path) -> GitRepo:
    return copied(template, tmp_path / "stacks")


def versions(repo: GitRepo, ref: str = BRANCH) -> list[str]:
    return [item["version"] for item in json.loads(repo.git("show", f"{ref}:{TREE}/series.json"))["versions"]]


def test_a_preview_has_names_of_its_own(repo: GitRepo, cli: Cli) -> None:
    sources, rendered = repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "rendered")
    code, out, err = cli("publish", "--preview", "pr-1", "--base", "main")
    assert (code, err) == (0, "")
    match = re.match(r"docker/scs/1-36 (v0-sha\.[0-9a-f]{12}): new\npreview/pr-1: new to ", out)
    assert match, out
    version = match[1]
    facts = json.loads(repo.git("show", f"{BRANCH}:{TREE}/{version}/release.json"))
    assert {facts["versions"][key] for key in ("clusterStack", "clusterAddon", "nodeImage")} == {version}
    assert facts["classes"][0]["name"] == f"docker-scs-1-36-{version}"
    assert all(version in image["image"] for image in facts["images"]["items"])
    assert f"{TREE}/node-images/{version}/image.json" in listed(repo, BRANCH)
    chart = repo.git("show", f"{BRANCH}:{TREE}/{version}/cluster-addon/cilium/Chart.yaml")
    assert f"version: 0.0.0-{version.removeprefix('v0-')}" in chart
    source = repo.git("show", f"{BRANCH}:delivery/flux/source.yaml")
    assert "name: cluster-stacks-pr-1\n" in source
    assert source.endswith(f"branch: {BRANCH}")
    assert (repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "rendered")) == (sources, rendered)
    assert repo.git("status", "--porcelain") == ""


def test_it_follows_its_change_and_nothing_is_no_commit(repo: GitRepo, cli: Cli) -> None:
    cli("publish", "--preview", "pr-1", "--base", "main")
    [first] = versions(repo)
    tip = repo.git("rev-parse", BRANCH)
    repo.git("commit", "-q", "--allow-empty", "-m", "Words")
    assert cli("publish", "--preview", "pr-1", "--base", "main")[1] == f"{BRANCH}: nothing changed\n"
    assert repo.git("rev-parse", BRANCH) == tip
    new_version(repo, "v2", 6)
    assert cli("publish", "--preview", "pr-1", "--base", "main")[0] == 0
    [second] = versions(repo)
    assert second != first
    assert [path for path in listed(repo, BRANCH) if first in path] == []
    repo.git("reset", "-q", "--hard", "HEAD~2")
    assert cli("publish", "--preview", "pr-1", "--base", "main")[0] == 0
    assert versions(repo) == [first], "the same content has the same name"


def test_only_what_changed(repo: GitRepo, cli: Cli) -> None:
    repo.git("checkout", "-q", "main")
    code, out, err = cli("publish", "--preview", "pr-1", "--base", "main")
    assert (code, out) == (0, f"{BRANCH}: nothing changed\n")
    assert "no stack changed: there is nothing to preview" in err
    assert repo.git("for-each-ref", f"refs/heads/{BRANCH}") == ""


def test_errors_stop_it(repo: GitRepo, cli: Cli) -> None:
    repo.write({"providers/docker/scs/1-36/cluster-class/broken.yaml": "kind: <% nothing.here %>\n"})
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Break it")
    code, out, _ = cli("publish", "--preview", "pr-1", "--base", "main")
    assert code == 1
    assert "cluster-class/broken.yaml:1" in out
    assert repo.git("for-each-ref", f"refs/heads/{BRANCH}") == ""


def test_its_end_here_and_at_the_remote(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "origin.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    cli("publish", "--preview", "pr-1", "--base", "main", "--push")
    assert repo.git("ls-remote", "origin", f"refs/heads/{BRANCH}")
    assert cli("publish", "--preview-delete", "pr-1", "--push", "--dry-run")[1] == f"{BRANCH}: would be removed\n"
    assert cli("publish", "--preview-delete", "pr-1", "--push")[:2] == (0, f"{BRANCH}: removed, at origin too\n")
    assert repo.git("ls-remote", "origin", f"refs/heads/{BRANCH}") == ""
    assert repo.git("for-each-ref", f"refs/heads/{BRANCH}") == ""
    assert cli("publish", "--preview-delete", "pr-1", "--push")[:2] == (0, f"{BRANCH}: there is no such preview\n")


def test_a_branch_of_others_is_not_removed(repo: GitRepo, cli: Cli) -> None:
    repo.git("branch", BRANCH, "main")
    code, _, err = cli("publish", "--preview-delete", "pr-1")
    assert code == 1
    assert "CS560" in err
    assert repo.git("rev-parse", BRANCH) == repo.git("rev-parse", "main")


@pytest.mark.parametrize(("arguments", "told"), [
    (["--preview", "../x"], "is no name for a preview"),
    (["--preview-delete", "-x"], "is no name for a preview"),
    (["--preview", "a", "--preview-delete", "a"], "exclude each other"),
    (["--preview", "a", "--branch", "x"], "which has a branch of its own"),
    (["--preview", "a", "--environment", "x"], "which has a branch of its own"),
    (["--base", "main"], "--base is for --preview"),
    (["--preview", "a", "--redeliver"], "--redeliver is of no meaning with --preview"),
    (["--preview-delete", "a", "--from", "x"], "--from is of no meaning with --preview-delete"),
    (["--verify", "--push"], "--push is of no meaning with --verify"),
    (["--preview", "a", "--base", "nowhere"], "unknown revision nowhere"),
])
def test_what_cannot_be_told(repo: GitRepo, cli: Cli, arguments: list[str], told: str) -> None:
    code, out, err = cli("publish", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
