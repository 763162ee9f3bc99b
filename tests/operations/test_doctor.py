"""`doctor`: what is there, what is missing and what is wrong, with what mends it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.operations.diagnosis import Line, State
from cluster_stacks.operations.doctor import diagnose
from cluster_stacks.operations.install_driver import install_driver
from cluster_stacks.runtime.data import data_dir
from gitrepo_plugin import GitRepo, new_repository
from small_stack import files

SETTINGS = "repositoryURL: https://git.example/stacks.git\ngenerators: [{name: flux}]\n"


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit({**files(), ".cluster-stacks.yaml": SETTINGS})
    return git_repo.checkout()


def of(repo: GitRepo | Path, topic: str) -> Line:
    (line,) = [line for line in diagnose(repo if isinstance(repo, Path) else repo.path) if line.topic == topic]
    return line


def states(repo: GitRepo) -> dict[str, State]:
    return {line.topic: line.state for line in diagnose(repo.path)}


@pytest.mark.usefixtures("tools")
def test_a_new_clone(repo: GitRepo) -> None:
    ok, missing = State.OK, State.MISSING
    assert states(repo) == {
        "cluster-stacks": ok, "git": ok, "helm": ok, "kustomize": ok, "kubeconform": ok, "repository": ok,
        "settings": ok, "stacks": ok, "base": missing, "engine": ok, "generators": ok, "branch rendered": missing,
        "hooks": missing, "merge driver": missing,
    }


@pytest.mark.usefixtures("tools")
def test_a_clone_that_has_it_all(repo: GitRepo) -> None:
    assert run(["publish", "--repo", str(repo.path), "--quiet"]) == 0
    repo.git("switch", "--quiet", "--create", "topic")
    repo.git("config", "core.hooksPath", str(data_dir("hooks")))
    install_driver(repo.path)
    assert set(states(repo).values()) == {State.OK}
    assert of(repo, "base").text == "main (the branch main of this clone)"
    source = repo.git("rev-parse", "main")
    assert of(repo, "branch rendered").text.endswith(f"made from {source[:12]}: 1 live of 1 releases, layout 1")
    assert of(repo, "stacks").text == "docker/scs/1-36"


def test_pins(repo: GitRepo) -> None:
    repo.write({".cluster-stacks.yaml": "tools: {helm: v3.0.0}\n"})
    helm = of(repo, "helm")
    assert helm.state is State.WRONG
    assert "settings pin helm to v3.0.0" in helm.text
    assert helm.fix == "install helm v3.0.0"


def test_tools_that_are_not_there(repo: GitRepo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    git = shutil.which("git")
    assert git
    (tmp_path / "bin/git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert of(repo, "helm").state is State.MISSING
    assert "embedded engine" in of(repo, "engine").text
    repo.write({".cluster-stacks.yaml": "engine: kubeconform\ntools: {kustomize: v5.0.0}\n"})
    assert of(repo, "kubeconform").state is State.WRONG
    assert of(repo, "kustomize").fix == "install kustomize v5.0.0, or name it in CLUSTER_STACKS_KUSTOMIZE"
    assert of(repo, "engine").state is State.WRONG


@pytest.mark.parametrize(("settings", "topic", "said"), [
    ("brunch: x\n", "settings", ".cluster-stacks.yaml:1: "),
    ("a: [\n", "settings", ".cluster-stacks.yaml:"),
    ("repositoryURL: https://x.example\ngenerators: [{name: flex}]\n", "generators", "did you mean 'flux'?"),
    (SETTINGS.replace("flux", "flux, parameters: {interval: 1}"), "generators", "interval"),
    ("generators: [{name: flux}]\n", "generators", "where the branch is read from"),
])
def test_settings_that_are_wrong(repo: GitRepo, settings: str, topic: str, said: str) -> None:
    repo.write({".cluster-stacks.yaml": settings})
    line = of(repo, topic)
    assert (line.state, said in line.text) == (State.WRONG, True), line
    assert run(["doctor", "--repo", str(repo.path)]) == 1


def test_environments(repo: GitRepo) -> None:
    settings = "environments:\n- {name: a, branch: env/a}\n- {name: b, branch: env/b, from: a}\n"
    repo.write({".cluster-stacks.yaml": settings})
    assert of(repo, "branch env/a").fix == "git fetch origin env/a, or cluster-stacks publish"
    assert of(repo, "branch env/b").fix == "git fetch origin env/b, or cluster-stacks promote --to b"


def test_a_branch_of_somebody_else(repo: GitRepo) -> None:
    repo.commit({"index.html": "x"}, branch="rendered")
    line = of(repo, "branch rendered")
    assert (line.state, "--adopt" in line.fix) == (State.WRONG, True)


def test_a_branch_of_a_newer_tool(repo: GitRepo) -> None:
    assert run(["publish", "--repo", str(repo.path), "--quiet"]) == 0
    index = json.loads(repo.git("show", "rendered:.cluster-stacks/index.json"))
    repo.commit({".cluster-stacks/index.json": json.dumps(index | {"layoutVersion": 99})}, branch="rendered")
    line = of(repo, "branch rendered")
    assert (line.state, "install a newer cluster-stacks" in line.text) == (State.WRONG, True)


def test_stacks_that_are_misplaced(repo: GitRepo) -> None:
    repo.write({"providers/docker/scs/next/metadata.yaml": "x: 1\n"})
    assert of(repo, "stacks").state is State.WRONG


def test_hooks(repo: GitRepo) -> None:
    repo.write({".pre-commit-config.yaml": "repos: [{repo: https://x.example/cluster-stacks}]\n"})
    assert of(repo, "hooks").fix == "pre-commit install"
    repo.write({".git/hooks/pre-commit": "#!/bin/sh\n"})
    assert of(repo, "hooks").state is State.OK
    repo.git("config", "core.hooksPath", "nowhere")
    assert of(repo, "hooks").state is State.WRONG
    repo.write({"tools/pre-commit": "cluster-stacks check --staged\n"})
    repo.git("config", "core.hooksPath", "tools")
    assert of(repo, "hooks").state is State.OK


def test_attributes_without_the_driver(repo: GitRepo) -> None:
    repo.write({".gitattributes": "providers/**/metadata.yaml merge=cluster-stacks\n"})
    assert "this clone does not know it" in of(repo, "merge driver").text


def test_no_repository(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert of(tmp_path, "repository").state is State.WRONG
    assert run(["doctor", "--repo", str(tmp_path / "nowhere")]) == 1
    assert "is no folder" in capfd.readouterr().out


def test_a_bare_repository(repo: GitRepo, tmp_path: Path) -> None:
    bare = new_repository(tmp_path / "bare.git", bare=True)
    bare.git("fetch", "--quiet", str(repo.path), "main:main")
    assert of(bare, "repository").text.endswith("(bare)")
    assert "hooks" not in states(bare)


def test_the_command(repo: GitRepo, root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--repo", str(repo.path), "--format", "json"]) == 0
    schema = json.loads((root / "schemas/doctor.schema.json").read_bytes())
    jsonschema.validate(json.loads(capfd.readouterr().out), schema)
    assert run(["doctor", "--repo", str(repo.path), "--color", "always"]) == 0
    assert "\x1b[33mmissing\x1b[0m" in capfd.readouterr().out
