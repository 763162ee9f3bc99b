"""Environments: what each admits, one content over all of them, and promotion from one to the next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.settings import Environment
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from gitrepo_plugin import GitRepo
from stacks_fixture import SETTINGS, Cli, add_stack, copied, listed, new_version

ONE = "docker/scs/1-36"
TREE = f"releases/{ONE}"
ENVIRONMENTS = """\
environments:
- {name: edge, branch: env/edge, channels: [alpha, stable]}
- {name: staging, branch: env/staging}
- {name: production, branch: env/production, from: staging, proposed: true}
"""


@pytest.fixture(scope="module")
def template(root: Path, tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """v1, published to every environment that a publish writes."""
    from cluster_stacks.cli.main import run
    from gitrepo_plugin import new_repository

    path = tmp_path_factory.mktemp("environments") / "stacks"
    repo = add_stack(new_repository(path), root, SETTINGS + ENVIRONMENTS)
    assert run(["publish", "--repo", str(path)]) == 0
    return repo


@pytest.fixture
def repo(template: GitRepo, tmp_path: Path) -> GitRepo:
    return copied(template, tmp_path / "stacks")


def tree(repo: GitRepo, branch: str, version: str = "v1") -> str:
    return repo.git("rev-parse", "--verify", "--quiet", f"{branch}:{TREE}/{version}", ok=None)


@pytest.mark.parametrize(("stacks", "channels", "stack", "version", "admitted"), [
    ((), ("stable",), ONE, "v1", True),
    ((), ("stable",), ONE, "v1-alpha.0", False),
    ((), ("alpha",), ONE, "v1", False),
    (("docker",), ("stable",), ONE, "v1", True),
    (("providers/docker/scs/",), ("stable",), ONE, "v1", True),
    (("docker/sc",), ("stable",), ONE, "v1", False),
    (("openstack", ONE), ("stable",), ONE, "v1", True),
])
def test_what_an_environment_admits(
    stacks: tuple[str, ...], channels: tuple[str, ...], stack: str, version: str, admitted: bool
) -> None:
    found = StackId.parse(stack)
    assert found is not None
    assert Environment("e", "b", stacks, channels).admits(found, Version.parse(version)) is admitted


def test_every_environment_gets_what_it_admits(repo: GitRepo, cli: Cli) -> None:
    assert tree(repo, "env/edge") == tree(repo, "env/staging") != ""
    assert repo.git("for-each-ref", "--format=%(refname)", "refs/heads").split() == [
        "refs/heads/env/edge", "refs/heads/env/staging", "refs/heads/main",
    ], "no branch `rendered`, and nothing in production"
    assert "branch: env/edge" in repo.git("show", "env/edge:delivery/flux/source.yaml")
    new_version(repo, "v2-alpha.0", 1)
    code, out, _ = cli("publish")
    assert code == 0
    assert "env/edge: " in out
    assert "env/staging: nothing changed\n" in out
    assert tree(repo, "env/edge", "v2-alpha.0")
    assert not tree(repo, "env/staging", "v2-alpha.0")


def test_one_environment(repo: GitRepo, cli: Cli) -> None:
    new_version(repo, "v2", 1)
    assert cli("publish", "--environment", "staging")[0] == 0
    assert not tree(repo, "env/edge", "v2")
    assert cli("publish")[0] == 0
    assert tree(repo, "env/edge", "v2") == tree(repo, "env/staging", "v2")
    series = [json.loads(repo.git("show", f"{b}:{TREE}/series.json"))["versions"] for b in ("env/edge", "env/staging")]
    assert series[0] == series[1], "the source commit is the one that it was first published from"


def test_one_version_has_one_content(repo: GitRepo, cli: Cli) -> None:
    new_version(repo, "v2", 1)
    assert cli("publish", "--environment", "staging")[0] == 0
    repo.git("reset", "-q", "--hard", "HEAD~1")
    new_version(repo, "v2", 2)
    before = repo.git("rev-parse", "env/edge")
    code, out, _ = cli("publish", "--environment", "edge")
    assert code == 1
    assert "CS582" in out
    assert "v2 has other content on env/staging" in out
    assert repo.git("rev-parse", "env/edge") == before


def test_what_is_yanked_in_one_goes_to_no_other(repo: GitRepo, cli: Cli) -> None:
    new_version(repo, "v2", 1)
    assert cli("publish", "--environment", "staging")[0] == 0
    assert cli("yank", f"{ONE}/v2", "--reason", "bad", "--environment", "staging")[0] == 0
    code, _, err = cli("publish")
    assert code == 0
    assert "v2 is yanked (since 2026-01-02: bad), so it is not delivered" in err
    assert not tree(repo, "env/edge", "v2")


def test_a_yank_reaches_every_environment(repo: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("yank", f"{ONE}/v1", "--reason", "bad")
    assert code == 0
    assert out.count(f"{ONE} v1: yanked") == 2


def test_json(repo: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("publish", "--format", "json")
    assert code == 0
    assert check(load(out.encode(), "publish.json"), "publish-environments") == []
    told = {item["environment"]: item["publish"] for item in json.loads(out)["environments"]}
    assert {name: item["branch"] for name, item in told.items()} == {"edge": "env/edge", "staging": "env/staging"}
    for item in told.values():
        assert check(load(json.dumps(item).encode(), "publish.json"), "publish") == []


@pytest.mark.parametrize(("arguments", "told"), [
    (["publish", "--environment", "nowhere"], "there is no environment nowhere: there is edge, staging, production"),
    (["publish", "--environment", "production"], "production gets its releases from staging: `cluster-stacks promote"),
    (["publish", "--environment", "edge", "--branch", "x"], "exclude each other"),
    (["promote", "--to", "staging"], "from which environment?"),
    (["promote", "--to", "staging", "--from", "staging"], "cannot get releases from itself"),
    (["promote", "--to", "production", f"{ONE}/v9"], "staging has no live release docker/scs/1-36/v9"),
    (["promote", "--to", "production", "--from", "production"], "cannot get releases from itself"),
])
def test_what_cannot_be_told(repo: GitRepo, cli: Cli, arguments: list[str], told: str) -> None:
    before = repo.git("for-each-ref")
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert repo.git("for-each-ref") == before


def test_a_promotion_is_a_proposal_with_the_same_tree(repo: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("promote", "--to", "production")
    assert code == 0
    assert out.splitlines()[0] == f"{ONE} v1: promoted"
    assert tree(repo, "env/production-next") == tree(repo, "env/staging")
    assert repo.git("rev-parse", "--verify", "--quiet", "env/production", ok=None) == ""
    assert repo.git("show", "env/production-next:delivery/flux/source.yaml").endswith("branch: env/production")
    message = repo.git("log", "-1", "--format=%B", "env/production-next").splitlines()
    assert message[0] == f"promote {ONE} v1 from staging to production"
    assert f"Cluster-stacks-from: {repo.git('rev-parse', 'env/staging')}" in message
    metadata = [json.loads(repo.git("show", f"{b}:hydrator.metadata")) for b in ("env/staging", "env/production-next")]
    assert metadata[0] == metadata[1]
    assert cli("promote", "--to", "production")[1] == "env/production-next: nothing changed\n"


def merge(repo: GitRepo, *, squash: bool) -> None:
    """The merge of the proposal's pull request, as a forge makes it."""
    old = repo.git("rev-parse", "--verify", "--quiet", "env/production", ok=None)
    parents = [old] if old else []
    if not squash:
        parents.append(repo.git("rev-parse", "env/production-next"))
    arguments = [argument for parent in parents for argument in ("-p", parent)]
    commit = repo.git("commit-tree", "env/production-next^{tree}", "-m", "Merge the proposal", *arguments)
    repo.git("update-ref", "refs/heads/env/production", commit)


@pytest.mark.parametrize("squash", [True, False])
def test_the_next_proposal_begins_where_the_last_was_merged(repo: GitRepo, cli: Cli, squash: bool) -> None:
    cli("promote", "--to", "production")
    merge(repo, squash=squash)
    merged = repo.git("rev-parse", "env/production")
    new_version(repo, "v2", 1)
    cli("publish")
    assert cli("promote", "--to", "production", f"{ONE}/v2")[0] == 0
    assert repo.git("merge-base", "--is-ancestor", merged, "env/production-next", ok=0) == ""
    assert repo.git("rev-list", "--count", "env/production..env/production-next") == "1"
    assert tree(repo, "env/production-next", "v2") == tree(repo, "env/staging", "v2")
    merge(repo, squash=squash)
    assert listed(repo, "env/production") == listed(repo, "env/staging")


def test_an_open_proposal_survives_a_change_of_its_branch(repo: GitRepo, cli: Cli) -> None:
    """v2 is proposed, not merged; the branch moves by hand; v3 is proposed: both are in the proposal."""
    cli("promote", "--to", "production")
    merge(repo, squash=True)
    for version, percent in (("v2", 1), ("v3", 2)):
        new_version(repo, version, percent)
        cli("publish")
        assert cli("promote", "--to", "production", f"{ONE}/{version}")[0] == 0
        repo.commit({f"CODEOWNERS-{version}": "* @ops\n"}, branch="env/production")
    assert {tree(repo, "env/production-next", v) for v in ("v2", "v3")} == {
        tree(repo, "env/staging", v) for v in ("v2", "v3")
    }
    assert "CODEOWNERS-v2" in listed(repo, "env/production-next"), "files of others stay"


def test_promotion_undoes_no_yank(repo: GitRepo, cli: Cli) -> None:
    cli("promote", "--to", "production")
    cli("yank", f"{ONE}/v1", "--reason", "bad here", "--environment", "production")
    code, out, err = cli("promote", "--to", "production")
    assert (code, out) == (0, "env/production-next: nothing changed\n")
    assert "v1 is yanked (since 2026-01-02: bad here) there, and stays so" in err


def test_a_publish_may_be_a_proposal_too(repo: GitRepo, cli: Cli) -> None:
    repo.write({".cluster-stacks.yaml": SETTINGS + "environments: [{name: live, branch: live, proposed: true}]\n"})
    repo.git("commit", "-qam", "One environment")
    assert cli("publish")[0] == 0
    assert repo.git("show", "live-next:delivery/flux/source.yaml").endswith("branch: live")
    assert repo.git("for-each-ref", "refs/heads/live") == ""
    repo.git("branch", "live", "live-next")
    new_version(repo, "v2", 1)
    assert cli("publish")[0] == 0
    assert repo.git("rev-parse", "live-next~1") == repo.git("rev-parse", "live")
    assert cli("retire", f"{ONE}/v1")[0] == 0
    series = json.loads(repo.git("show", f"live-next:{TREE}/series.json"))["versions"]
    assert [item["state"] for item in series] == ["retired", "live"]


def test_notes_say_where(cli: Cli) -> None:
    _, _, told = cli("yank", f"{ONE}/v1", "--reason", "bad")
    assert [line.split(": ")[0] for line in told.splitlines()] == ["env/edge", "env/staging"]
    _, _, told = cli("publish")
    assert [line.split(": ")[0] for line in told.splitlines() if "CS581" in line] == ["env/edge", "env/staging"]
