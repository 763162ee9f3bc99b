"""`publish` end to end: the reference stack of docker, from a commit to a branch, by the real command."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from gitrepo_plugin import GitRepo, metadata
from stacks_fixture import Cli

STACK = "providers/docker/scs"
SETTINGS = """\
repositoryURL: https://git.example/stacks.git
generators:
  - name: flux
  - name: argocd
"""
_GENERATOR = """\
apiVersion: cluster-stacks.io/v1alpha1
name: own
version: 1.0.0
description: reads a name that there is none of
outputs:
  - {template: templates/x.yaml, path: x.yaml, scope: once}
"""


@pytest.fixture
def repo(git_repo: GitRepo, root: Path) -> GitRepo:
    """The reference stack for one minor, its settings, one commit, checked out."""
    folders = (root / STACK / "shared", root / STACK / "1-36")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    git_repo.commit(
        {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
        | {".cluster-stacks.yaml": SETTINGS, f"{STACK}/1-36/metadata.yaml": metadata(kubernetes=_kubernetes(root))}
    )
    return git_repo.checkout()


def test_from_a_commit_to_a_branch(repo: GitRepo, cli: Cli) -> None:
    code, out, err = cli("publish")
    assert (code, err) == (0, "")
    first, last = out.splitlines()
    assert first == "docker/scs/1-36 v1: new"
    assert re.fullmatch(r"rendered: new to [0-9a-f]{7} from [0-9a-f]{7}: \d+ added, 0 changed, 0 removed", last)
    files = _files(repo)
    assert {
        "README.md", "catalogue.json", "hydrator.metadata", "delivery/flux/kustomization.yaml",
        "delivery/argocd/kustomization.yaml", "releases/docker/scs/1-36/series.json",
        "releases/docker/scs/1-36/v1/release.json", "releases/docker/scs/1-36/v1/upgrade.yaml",
        "releases/docker/scs/1-36/v1/sample-cluster.yaml",
        "releases/docker/scs/1-36/node-images/v1/image.json",
    } <= set(files)
    assert repo.git("status", "--porcelain") == ""
    assert cli("publish")[:2] == (0, "rendered: nothing changed\n")


def test_every_file_of_the_branch_fits_its_schema(repo: GitRepo, cli: Cli) -> None:
    cli("publish")
    names = {
        "release.json": "release", "image.json": "image", "series.json": "series", "index.json": "index",
        "catalogue.json": "catalogue", "flux.json": "delivered", "argocd.json": "delivered",
    }
    checked = []
    for path in _files(repo):
        schema = names.get(path.rpartition("/")[2])
        if schema:
            assert check(load(_show(repo, path).encode(), path), schema) == []
            checked.append(schema)
    assert set(checked) == set(names.values())


def test_an_edit_without_a_bump_is_refused_and_with_one_published(repo: GitRepo, cli: Cli) -> None:
    cli("publish")
    before = repo.git("rev-parse", "rendered")
    trees = repo.git("rev-parse", "rendered:releases/docker/scs/1-36/v1", "rendered:delivery/flux/classes")
    _edit_class(repo)
    code, out, _ = cli("publish")
    assert code == 1
    assert "CS561" in out
    assert "published docker/scs/1-36 v1 has other content" in out
    assert f"{STACK}/1-36/metadata.yaml:3" in out
    assert repo.git("rev-parse", "rendered") == before
    assert cli("bump", "--base", "HEAD~1")[0] == 0
    repo.git("commit", "-qam", "Bump")
    code, out, _ = cli("publish")
    assert code == 0
    assert out.startswith("docker/scs/1-36 v2: new\n")
    assert repo.git("rev-parse", "rendered:releases/docker/scs/1-36/v1") == trees.split()[0]
    assert "releases/docker/scs/1-36/v2/release.json" in _files(repo)
    assert [p for p in _files(repo) if "node-images" in p and "/v2/" in p] == []


def test_what_asks_for_no_bump_is_no_other_content(repo: GitRepo, cli: Cli) -> None:
    """README files, values that nothing reads, the version stamp of a chart: `check` and the digest agree."""
    cli("publish")
    chart = next((repo.path / STACK / "shared" / "cluster-addon").glob("*/Chart.yaml"))
    repo.write({
        f"{STACK}/1-36/README.md": "Other words\n",
        f"{STACK}/1-36/overlay.yaml": repo.read(f"{STACK}/1-36/overlay.yaml") + "  read_by_nothing: 1\n",
        str(chart): re.sub(r"(?m)^version: .*$", "version: 9.9.9", chart.read_text()),
    })
    repo.git("commit", "-qam", "Edit what is no content")
    assert cli("check", "--base", "HEAD~1")[0] == 0
    assert cli("publish")[:2] == (0, "rendered: nothing changed\n")


def test_a_stack_that_does_not_render_stops_all(repo: GitRepo, cli: Cli) -> None:
    repo.commit({f"{STACK}/1-36/cluster-class/broken.yaml": "kind: <% undefined.name %>\n"})
    repo.checkout()
    code, out, _ = cli("publish")
    assert code == 1
    assert f"{STACK}/1-36/cluster-class/broken.yaml:1" in out
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""


def test_objects_that_are_not_valid_stop_all(repo: GitRepo, cli: Cli) -> None:
    repo.commit({
        f"{STACK}/1-36/cluster-class/wrong.yaml":
            "apiVersion: infrastructure.cluster.x-k8s.io/v1beta2\nkind: DevMachineTemplate\n"
            "metadata: {name: '<% release_name %>-wrong'}\nspec: {template: {spec: {unknown: 1}}}\n"
    })
    repo.checkout()
    code, out, _ = cli("publish")
    assert code == 1
    assert "wrong.yaml" in out
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""


def test_dry_run_tells_and_writes_nothing(repo: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("publish", "--dry-run")
    assert code == 0
    assert re.search(r"^  \+ releases/docker/scs/1-36/v1/ \(\d+ files\)$", out, re.MULTILINE)
    assert out.endswith("files would change\n")
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""


def test_json_fits_its_schema(repo: GitRepo, cli: Cli) -> None:
    for arguments in (["--dry-run"], [], []):
        code, out, _ = cli("publish", "--format", "json", *arguments)
        assert code == 0
        assert check(load(out.encode(), "publish.json"), "publish") == []
    data = json.loads(out)
    assert (data["commit"], data["stacks"][0]["state"]) == (None, "published")


def test_what_is_not_committed_is_not_published(repo: GitRepo, cli: Cli) -> None:
    repo.write({f"{STACK}/1-36/cluster-class/new.yaml": "kind: <% broken"})
    code, _, err = cli("publish")
    assert code == 0
    assert "what is not committed is not published" in err
    assert "releases/docker/scs/1-36/v1/cluster-class/new.yaml" not in _files(repo)


def test_push(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "origin.git"))
    assert cli("publish", "--push")[0] == 2
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    code, out, _ = cli("publish", "--push")
    assert code == 0
    assert out.endswith("pushed to origin\n")
    there = repo.git("ls-remote", "origin", "refs/heads/rendered").split()[0]
    assert there == repo.git("rev-parse", "rendered")


def test_publishing_at_the_same_time_loses_nothing(repo: GitRepo, tmp_path: Path) -> None:
    """Two clones, each with a stack of its own, pushing at once."""
    minors = ("1-36", "1-37")
    own = {path: (repo.path / path).read_bytes() for path in _sources(repo) if f"{STACK}/1-36/" in path}
    for minor in minors[1:]:
        repo.commit({path.replace("/1-36/", f"/{minor}/"): data for path, data in own.items()} | {
            f"{STACK}/{minor}/metadata.yaml": metadata(kubernetes=f"v{minor.replace('-', '.')}.1"),
        })
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "origin.git"))
    started = []
    for minor in minors:
        repo.git("clone", "-q", str(tmp_path / "origin.git"), str(tmp_path / minor))
        arguments = ["cluster-stacks", "publish", "--repo", str(tmp_path / minor), "--push", f"docker/scs/{minor}"]
        started.append(subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    repo.git("fetch", "-q", str(tmp_path / "origin.git"), "rendered:rendered")
    assert repo.git("rev-list", "--count", "rendered") == "2"
    assert {f"releases/docker/scs/{minor}/v1/release.json" for minor in minors} <= set(_files(repo))


def test_a_generator_that_fails_stops_all(repo: GitRepo, cli: Cli) -> None:
    repo.commit({
        ".cluster-stacks.yaml": "generators: [{name: own}]\n",
        "generators/own/generator.yaml": _GENERATOR,
        "generators/own/templates/x.yaml": "x: <% nothing.here %>\n",
    })
    repo.checkout()
    code, out, _ = cli("publish")
    assert code == 1
    assert "CS505" in out
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""


@pytest.mark.parametrize(("arguments", "told"), [
    (["--branch", "main"], "branch of the sources"),
    (["--branch", "a..b"], "no name for a branch"),
    (["--remote", "nowhere"], "there is no remote nowhere"),
    (["--push"], "git remote add"),
    (["--head", "nowhere"], "unknown revision nowhere"),
    (["docker/scs/1-99"], "did you mean docker/scs/1-36"),
])
def test_what_cannot_be_told(cli: Cli, arguments: list[str], told: str) -> None:
    code, out, err = cli("publish", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1


def test_an_unborn_branch(git_repo: GitRepo, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["publish", "--repo", str(git_repo.path)]) == 2
    assert "there is no commit yet" in capfd.readouterr().err


def test_a_bare_repository(repo: GitRepo, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    assert run(["publish", "--repo", str(tmp_path / "bare.git")]) == 0
    assert "docker/scs/1-36 v1: new" in capfd.readouterr().out


def test_a_generator_that_is_enabled_twice(repo: GitRepo, cli: Cli) -> None:
    repo.commit({".cluster-stacks.yaml": SETTINGS + "  - name: flux\n"})
    repo.checkout()
    code, out, _ = cli("publish")
    assert code == 1
    assert "flux is enabled twice" in out


def test_no_generator_is_told(repo: GitRepo, cli: Cli) -> None:
    repo.commit({".cluster-stacks.yaml": None})
    repo.checkout()
    code, _, err = cli("publish")
    assert code == 0
    assert "no generator is enabled" in err


def test_the_same_bytes_in_another_time_zone_and_folder(
    repo: GitRepo, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("publish")
    repo.git("clone", "-q", "--no-local", "--single-branch", ".", str(tmp_path / "a folder" / "second"))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    second = GitRepo(tmp_path / "a folder" / "second")
    assert run(["publish", "--repo", str(second.path)]) == 0
    assert second.git("rev-parse", "rendered^{tree}") == repo.git("rev-parse", "rendered^{tree}")


@pytest.mark.parametrize("step", [
    "commit-tree",
    pytest.param("fast-import", marks=pytest.mark.slow),
    pytest.param("update-ref", marks=pytest.mark.slow),
])
def test_ctrl_c_leaves_the_old_branch_or_the_new(repo: GitRepo, cli: Cli, tmp_path: Path, step: str) -> None:
    """A git that interrupts the command that called it, at one step, and then goes on."""
    repo.git("update-ref", "refs/heads/rendered", empty := repo.git("commit-tree", "-m", "empty", _empty_tree(repo)))
    shim, scratch = tmp_path / "bin" / "git", tmp_path / "tmp"
    shim.parent.mkdir()
    scratch.mkdir()
    shim.write_text(
        f'#!/bin/sh\nfor word; do [ "$word" = {step} ] && kill -INT $PPID && sleep 0.2; done\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    shim.chmod(0o755)
    done = subprocess.run(
        ["cluster-stacks", "publish", "--repo", str(repo.path)], capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(scratch)},
    )
    assert done.returncode == 130, done.stderr
    after = repo.git("rev-parse", "rendered")
    assert after == empty or repo.git("rev-parse", "rendered^") == empty
    assert list(scratch.iterdir()) == []
    assert repo.git("status", "--porcelain") == ""
    assert cli("publish")[0] == 0
    assert repo.git("rev-list", "--count", "rendered") == "2"


def _kubernetes(root: Path) -> str:
    text = (root / STACK / "1-36" / "metadata.yaml").read_text()
    found = re.search(r"kubernetes: (\S+)", text)
    assert found
    return found[1]


def _empty_tree(repo: GitRepo) -> str:
    return repo.git("hash-object", "-t", "tree", "-w", "--stdin")


def _edit_class(repo: GitRepo) -> None:
    path = next((repo.path / STACK / "shared" / "cluster-class").rglob("*.yaml"))
    path.write_text(path.read_text() + "# edited\n")
    repo.git("commit", "-qam", "Edit the class")


def _sources(repo: GitRepo) -> list[str]:
    return repo.git("ls-tree", "-r", "--name-only", "HEAD").splitlines()


def _files(repo: GitRepo) -> list[str]:
    return repo.git("ls-tree", "-r", "--name-only", "rendered").splitlines()


def _show(repo: GitRepo, path: str) -> str:
    return repo.git("show", f"rendered:{path}")
