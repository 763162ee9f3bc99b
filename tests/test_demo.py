"""`make demo` as a test, and its walk through the real pre-commit, kubeconform and kustomize."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SERIES = "releases/docker/scs/1-36"
VALUES = "providers/docker/scs/shared/cluster-addon/metrics-server/values.yaml"
CLASS = "providers/docker/scs/shared/cluster-class/cluster-class.yaml"
METADATA = "providers/docker/scs/1-36/metadata.yaml"


class Source(Protocol):
    @property
    def path(self) -> Path: ...
    @property
    def rev(self) -> str: ...


class Walk:
    """A user's clone with a remote, and the branch that the walk publishes."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.remote, self.clone, self.branch = folder / "remote.git", folder / "clone", folder / "branch"
        seed = folder / "seed"
        shutil.copytree(source.path / "providers", seed / "providers")
        hooks = [{"id": "cluster-stacks-check"}, {"id": "cluster-stacks-metadata"}]
        config = {"repos": [{"repo": str(source.path), "rev": source.rev, "hooks": hooks}]}
        (seed / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        generators = [{"name": "flux"}, {"name": "argocd"}]
        settings = {"repositoryURL": "https://git.example.org/stacks.git", "generators": generators}
        (seed / ".cluster-stacks.yaml").write_text(yaml.safe_dump(settings))
        for arguments in (
            ["-C", str(seed), "init"], ["-C", str(seed), "add", "--all"], ["-C", str(seed), "commit", "-m", "Stacks"],
            ["clone", "--bare", str(seed), str(self.remote)], ["clone", str(self.remote), str(self.clone)],
        ):
            subprocess.run(["git", *arguments], check=True, capture_output=True)
        self.run("pre-commit", "install")

    def run(self, *argv: str, expect: int = 0) -> str:
        """Both streams of a command that must end with `expect`."""
        done = subprocess.run(
            argv, cwd=self.clone, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        assert done.returncode == expect, f"{argv} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.clone / path
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))

    def publish(self) -> str:
        """Publishes to the remote, and gives the commit of the branch there."""
        self.run("cluster-stacks", "publish", "--push")
        tip = self.run("git", "ls-remote", str(self.remote), "refs/heads/rendered").split()[0]
        shutil.rmtree(self.branch, ignore_errors=True)
        self.run("git", "clone", "--quiet", "--branch", "rendered", str(self.remote), str(self.branch))
        return tip

    def versions(self, series: str = SERIES) -> list[str]:
        return sorted(path.name for path in (self.branch / series).iterdir() if re.fullmatch(r"v\d+", path.name))


def test_the_walk(source: Source, tmp_path: Path, tools: Path, pre_commit_home: Path) -> None:
    walk = Walk(tmp_path, source)

    walk.edit(VALUES, "    - --kubelet-insecure-tls\n", "    - --kubelet-insecure-tls\n    - --metric-resolution=30s\n")
    changed = json.loads(walk.run("cluster-stacks", "changes", "--worktree", "--format", "json"))
    assert [one["stack"] for one in changed["stacks"]] == ["docker/scs/1-35", "docker/scs/1-36", "docker/scs/1-37"]
    walk.run("git", "add", "--all")
    refused = walk.run("git", "commit", "--message", "Change", expect=1)
    assert "clusterStack must be v2" in refused
    assert "clusterAddon must be v2" in refused
    assert "nodeImage must" not in refused

    before = (walk.clone / METADATA).read_text()
    walk.run("cluster-stacks", "bump")
    after = (walk.clone / METADATA).read_text()
    assert changed_lines(before, after) == ["  clusterStack: v2", "    clusterAddon: v2"]
    walk.run("git", "commit", "--all", "--message", "Change")
    walk.run("git", "push", "--quiet", "origin", "main")

    said = walk.run("cluster-stacks", "validate", "--engine", "both")
    assert "kubeconform" in said
    assert "embedded" in said
    first = walk.publish()
    assert walk.versions() == ["v2"]
    v2 = files(walk.branch / SERIES / "v2")
    assert walk.publish() == first, "nothing changed, so there is no commit"

    timeout = "\n        nodeStartupTimeoutSeconds: "
    walk.edit(CLASS, f"{timeout}600\n", f"{timeout}900\n")
    walk.run("cluster-stacks", "bump")
    walk.run("git", "commit", "--all", "--message", "Change the class")
    walk.run("git", "push", "--quiet", "origin", "main")
    assert walk.publish() != first
    assert walk.versions() == ["v2", "v3"]
    assert files(walk.branch / SERIES / "v2") == v2, "a published version never changes"
    judge_branch(walk.branch, tools)


def judge_branch(branch: Path, tools: Path) -> None:
    """Every folder of the branch that Flux or a person would apply is built by kustomize."""
    folders = [path.parent.relative_to(branch) for path in sorted(branch.rglob("kustomization.yaml"))]
    releases = [folder for folder in folders if re.fullmatch(r"releases/\w+/scs/\d+-\d+/v\d+", folder.as_posix())]
    assert len(releases) == 9
    assert {Path("delivery/flux"), Path("delivery/argocd")} <= set(folders)
    for folder in folders:
        built = kustomize_build(tools, branch / folder)
        assert built, folder
        if folder in releases:
            assert "ClusterClass" in {one["kind"] for one in built}, folder


def kustomize_build(tools: Path, folder: Path) -> list[dict[str, Any]]:
    done = subprocess.run([str(tools / "kustomize"), "build", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{folder}: {done.stderr}"
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def test_the_demo(tmp_path: Path, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "demo" / "demo.py"), "--into", str(tmp_path / "demo")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout
    for sight in ("must be v2", "upgrade", "sample-cluster.yaml", "What a user does next"):
        assert sight in done.stdout


def changed_lines(before: str, after: str) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    assert len(old) == len(new)
    return [line for was, line in zip(old, new, strict=True) if was != line]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
