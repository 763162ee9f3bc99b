"""yank, retire, restore and gc by the real command: what goes from a branch, what stays, and what is said."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from gitrepo_plugin import GitRepo
from stacks_fixture import SETTINGS, STACK, Cli, copied, listed, make_cli, new_version, two_versions

ONE = "docker/scs/1-36"
FOLDER = f"releases/{ONE}"


@pytest.fixture(scope="module")
def template(root: Path, tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    return two_versions(root, tmp_path_factory.mktemp("life") / "stacks")


@pytest.fixture
def two(template: GitRepo, tmp_path: Path) -> GitRepo:
    """v1 and v2, both live."""
    return copied(template, tmp_path / "stacks")


@pytest.fixture
def repo(two: GitRepo) -> GitRepo:
    """What `cli` works on."""
    return two


@pytest.fixture
def one(two: GitRepo) -> GitRepo:
    """v1 alone."""
    two.git("update-ref", "refs/heads/rendered", "rendered~1")
    two.git("reset", "-q", "--hard", "HEAD~1")
    return two


def states(repo: GitRepo) -> dict[str, str]:
    series = json.loads(repo.git("show", f"rendered:{FOLDER}/series.json"))
    return {item["version"]: item["state"] for item in series["versions"]}


def test_a_yank_stops_delivery_and_keeps_bytes(two: GitRepo, cli: Cli) -> None:
    before = two.git("rev-parse", f"rendered:{FOLDER}/v1", f"rendered:{FOLDER}/v2", "rendered:hydrator.metadata")
    code, out, err = cli("yank", f"{ONE}/v2", "--reason", "it loses\n its network")
    assert code == 0
    assert out.splitlines()[0] == f"{ONE} v2: yanked"
    assert err == f"{ONE}: the newest live release is v1 now\n"
    after = two.git("rev-parse", f"rendered:{FOLDER}/v1", f"rendered:{FOLDER}/v2", "rendered:hydrator.metadata")
    assert after == before
    assert states(two) == {"v1": "live", "v2": "yanked"}
    assert [path for path in listed(two) if path.startswith("delivery/") and "v2" in path] == []
    assert "v2" not in two.git("show", "rendered:delivery/flux/kustomization.yaml")
    catalogue = json.loads(two.git("show", "rendered:catalogue.json"))["stacks"][0]
    assert catalogue["latest"] == "v1"
    assert catalogue["releases"][1] | {"since": ""} == {
        "version": "v2", "state": "yanked", "path": f"{FOLDER}/v2", "since": "", "reason": "it loses its network",
    }
    readme = two.git("show", "rendered:README.md")
    assert "Yanked, which no Cluster should use:\n\n- docker/scs/1-36 v2: it loses its network\n" in readme
    message = two.git("log", "-1", "--format=%B", "rendered").splitlines()
    assert message[0] == f"yank {ONE} v2: it loses its network"
    assert f"Cluster-stacks-yank: {ONE}/v2" in message
    assert "Cluster-stacks-reason: it loses its network" in message
    assert two.git("rev-list", "--count", "rendered") == "3"


def test_every_file_fits_its_schema(two: GitRepo, cli: Cli) -> None:
    two.write({".cluster-stacks.yaml": SETTINGS + "keepRetiredDays: 0\n"})
    two.git("commit", "-qam", "Keep nothing")
    for arguments in (["yank", f"{ONE}/v2", "--reason", "bad"], ["retire", f"{ONE}/v1"], ["gc"]):
        assert cli(*arguments)[0] == 0
        for path, schema in ((f"{FOLDER}/series.json", "series"), ("catalogue.json", "catalogue"),
                             (".cluster-stacks/index.json", "index")):
            assert check(load(two.git("show", f"rendered:{path}").encode(), path), schema) == []


def test_the_fix_of_a_yanked_release_goes_through(two: GitRepo, cli: Cli) -> None:
    cli("yank", f"{ONE}/v2", "--reason", "bad")
    code, out, err = cli("publish")
    assert (code, out) == (0, "rendered: nothing changed\n")
    assert "v2 is yanked (since 2026-01-02: bad), so it is not delivered" in err
    assert "CS581" in err
    new_version(two, "v3", 2)
    code, out, err = cli("publish")
    assert code == 0
    assert out.startswith(f"{ONE} v3: new\n")
    assert states(two) == {"v1": "live", "v2": "yanked", "v3": "live"}
    assert "delivery/flux/classes/docker-scs-1-36-v3.yaml" in listed(two)


def test_the_number_of_a_yanked_release_is_never_free(two: GitRepo, cli: Cli) -> None:
    cli("yank", f"{ONE}/v2", "--reason", "bad")
    before = two.git("rev-parse", "rendered")
    new_version(two, "v2", 3)
    code, out, _ = cli("publish")
    assert code == 1
    assert "CS561" in out
    assert two.git("rev-parse", "rendered") == before


def test_restore_gives_the_same_branch_again(two: GitRepo, cli: Cli) -> None:
    before = {path: two.git("rev-parse", f"rendered:{path}") for path in listed(two)}
    cli("yank", f"{ONE}/v2", "--reason", "bad")
    code, out, _ = cli("restore", f"{ONE}/v2", "--reason", "it was the network's fault")
    assert (code, out.splitlines()[0]) == (0, f"{ONE} v2: live")
    after = {path: two.git("rev-parse", f"rendered:{path}") for path in listed(two)}
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == {
        f"{FOLDER}/series.json", "catalogue.json",
    }


def test_twice_is_once(two: GitRepo, cli: Cli) -> None:
    cli("yank", f"{ONE}/v2", "--reason", "bad")
    before = two.git("rev-parse", "rendered")
    code, out, err = cli("yank", f"{ONE}/v2", "--reason", "another word")
    assert (code, out) == (0, "rendered: nothing changed\n")
    assert err == f"{ONE} v2 is yanked (since 2026-01-02: bad) already\n"
    assert two.git("rev-parse", "rendered") == before


def test_the_only_live_release_may_be_retired(one: GitRepo, cli: Cli) -> None:
    code, _, err = cli("retire", f"{ONE}/v1")
    assert code == 0
    assert err == f"{ONE} has no live release now: nothing of it is delivered\n"
    assert "| docker/scs/1-36 | none |" in one.git("show", "rendered:README.md")


@pytest.mark.parametrize(("arguments", "told"), [
    (["yank", f"{ONE}/v7", "--reason", "x"], f"{ONE} v7 was never published: published are v1, v2"),
    (["yank", "docker/scs/1-37/v1", "--reason", "x"], "docker/scs/1-37 v1 was never published: no version of it is"),
    (["retire", ONE], f"'{ONE}' is no release: write STACK/VERSION"),
    (["retire", f"{ONE}/x1"], "is not a version such as v3"),
    (["yank", f"{ONE}/v1"], "Missing option '--reason'"),
    (["yank", f"{ONE}/v1", "--reason", " "], "say why with --reason"),
    (["retire", f"{ONE}/v1", "--branch", "main"], "main is the branch of the sources"),
    (["retire", f"{ONE}/v1", "--environment", "x"], "there is no environment x"),
    (["gc", "docker/scs/1-99"], "no stack is named docker/scs/1-99"),
])
def test_what_cannot_be_told(two: GitRepo, cli: Cli, arguments: list[str], told: str) -> None:
    before = two.git("rev-parse", "rendered")
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert two.git("rev-parse", "rendered") == before


def test_dry_run_writes_nothing(two: GitRepo, cli: Cli) -> None:
    before = two.git("rev-parse", "rendered")
    code, out, _ = cli("retire", f"{ONE}/v1", "--dry-run")
    assert code == 0
    assert "  - delivery/flux/classes/docker-scs-1-36-v1.yaml" in out
    assert out.endswith("files would change\n")
    assert two.git("rev-parse", "rendered") == before


def test_a_change_of_state_ships_nothing_else(two: GitRepo, cli: Cli) -> None:
    """Settings and generators are those of the commit that the branch was made from, not those of HEAD."""
    two.write({".cluster-stacks.yaml": "generators: [{name: argocd}]\n"})
    two.git("commit", "-qam", "Not published yet")
    assert cli("retire", f"{ONE}/v1")[0] == 0
    assert not [path for path in listed(two) if path.startswith("delivery/argocd")]
    assert "delivery/flux/classes/docker-scs-1-36-v2.yaml" in listed(two)


def test_gc_takes_what_is_retired_for_long_enough(
    two: GitRepo, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("retire", f"{ONE}/v1")
    code, out, err = cli("gc")
    assert (code, out) == (0, "rendered: nothing changed\n")
    assert "nothing is retired for 90 days or more (keepRetiredDays)" in err
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-04-02T03:04:04Z")
    assert cli("gc")[1] == "rendered: nothing changed\n"
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-04-02T03:04:05Z")
    code, out, _ = cli("gc", "docker/scs")
    assert code == 0
    assert out.splitlines()[0] == f"{ONE} v1: removed"
    files = listed(two)
    assert not [path for path in files if path.startswith(f"{FOLDER}/v1/")]
    assert f"{FOLDER}/node-images/v1/image.json" in files, "v2 names it too"
    index = json.loads(two.git("show", "rendered:.cluster-stacks/index.json"))["owned"]
    assert f"{FOLDER}/v1/" not in index
    assert states(two) == {"v1": "retired", "v2": "live"}
    code, _, err = cli("restore", f"{ONE}/v1")
    assert code == 1
    assert "its folder was removed" in err
    assert "CS580" in err


def test_gc_lets_yanked_releases_be(two: GitRepo, cli: Cli) -> None:
    two.write({".cluster-stacks.yaml": SETTINGS + "keepRetiredDays: 0\n"})
    two.git("commit", "-qam", "Keep nothing")
    cli("yank", f"{ONE}/v1", "--reason", "bad")
    assert cli("gc")[1] == "rendered: nothing changed\n"
    assert cli("retire", f"{ONE}/v1")[0] == 0
    assert cli("gc")[0] == 0
    assert not [path for path in listed(two) if path.startswith(f"{FOLDER}/v1/")]


def test_images_go_with_the_last_release_and_come_back(one: GitRepo, cli: Cli) -> None:
    one.write({".cluster-stacks.yaml": SETTINGS + "keepRetiredDays: 0\n"})
    one.git("commit", "-qam", "Keep nothing")
    unit = one.git("rev-parse", f"rendered:{FOLDER}/node-images/v1")
    cli("retire", f"{ONE}/v1")
    out = cli("gc")[1]
    assert f"{ONE} node images v1: removed" in out
    assert not [path for path in listed(one) if path.startswith(f"{FOLDER}/node-images/")]
    new_version(one, "v2", 1)
    assert cli("publish")[0] == 0
    assert one.git("rev-parse", f"rendered:{FOLDER}/node-images/v1") == unit
    series = json.loads(one.git("show", f"rendered:{FOLDER}/series.json"))
    assert "removed" not in series["images"][0]


def test_json(two: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("yank", f"{ONE}/v2", "--reason", "bad", "--format", "json")
    assert code == 0
    assert check(load(out.encode(), "life.json"), "life") == []
    [branch] = json.loads(out)["branches"]
    assert branch["releases"] == [{"stack": ONE, "version": "v2", "unit": False, "became": "yanked"}]
    assert branch["commit"] == two.git("rev-parse", "rendered")


def test_by_a_remote(two: GitRepo, cli: Cli, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """From another clone, which never saw the rendered branch."""
    two.git("clone", "-q", "--bare", ".", str(tmp_path / "origin.git"))
    two.git("clone", "-q", "--no-local", "--single-branch", str(tmp_path / "origin.git"), str(tmp_path / "second"))
    second = GitRepo(tmp_path / "second")
    code, out, _ = make_cli(second, capfd)("yank", f"{ONE}/v2", "--reason", "bad", "--push")
    assert code == 0
    assert out.endswith("pushed to origin\n")
    there = second.git("ls-remote", "origin", "refs/heads/rendered").split()[0]
    assert there == second.git("rev-parse", "rendered")


def test_a_clone_without_the_sources_says_what_to_fetch(
    two: GitRepo, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    two.git("clone", "-q", "--bare", ".", str(tmp_path / "origin.git"))
    second = GitRepo(tmp_path / "second")
    second.path.mkdir()
    second.git("init", "-q", "-b", "main")
    second.git("fetch", "-q", str(tmp_path / "origin.git"), "rendered:rendered")
    second.commit({"README.md": "not the sources\n"})
    code, _, err = make_cli(second, capfd)("yank", f"{ONE}/v2", "--reason", "bad")
    assert code == 2
    assert "which this clone lacks: fetch the sources" in err


def test_a_yank_and_a_publish_at_once_lose_nothing(two: GitRepo, cli: Cli, tmp_path: Path) -> None:
    """The branch moves between what a yank read and what it writes: it is composed again."""
    two.git("clone", "-q", "--bare", ".", str(tmp_path / "origin.git"))
    two.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    new_version(two, "v3", 3)
    cli("publish", "--push")
    two.git("update-ref", "refs/heads/rendered", "rendered~1")
    assert cli("yank", f"{ONE}/v2", "--reason", "bad", "--push")[0] == 0
    assert states(two) == {"v1": "live", "v2": "yanked", "v3": "live"}


def test_stack_path_in_release_names(two: GitRepo, cli: Cli) -> None:
    assert cli("retire", f"{STACK}/1-36/v1", f"releases/{ONE}/v1/")[0] == 0
    assert states(two) == {"v1": "retired", "v2": "live"}


@pytest.mark.slow
def test_two_processes_at_once(two: GitRepo, tmp_path: Path) -> None:
    """A yank and a publish, pushing to one remote at the same time: both are in the branch."""
    new_version(two, "v3", 3)
    two.git("clone", "-q", "--bare", ".", str(tmp_path / "origin.git"))
    jobs = {"yank": ["yank", f"{ONE}/v2", "--reason", "bad"], "publish": ["publish"]}
    started = []
    for name, arguments in jobs.items():
        two.git("clone", "-q", str(tmp_path / "origin.git"), str(tmp_path / name))
        command = ["cluster-stacks", *arguments, "--push", "--repo", str(tmp_path / name)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    two.git("fetch", "-q", str(tmp_path / "origin.git"), "rendered:rendered")
    assert states(two) == {"v1": "live", "v2": "yanked", "v3": "live"}
