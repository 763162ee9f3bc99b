"""A repository with the reference stack of docker for one minor, and the real command, for tests of publishing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from cluster_stacks.cli.main import run
from gitrepo_plugin import Content, GitRepo, metadata, new_repository

STACK = "providers/docker/scs"
SETTINGS = "repositoryURL: https://git.example/stacks.git\ngenerators:\n  - name: flux\n"
EDITED = f"{STACK}/1-36/cluster-class/default-worker.yaml"
Cli: TypeAlias = Callable[..., Any]


def add_stack(repo: GitRepo, root: Path, settings: str = SETTINGS) -> GitRepo:
    """One commit on main with the stack and settings, checked out."""
    folders = (root / STACK / "shared", root / STACK / "1-36")
    files: dict[str, Content] = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in folders for path in folder.rglob("*") if path.is_file()
    }
    found = re.search(r"kubernetes: (\S+)", (root / STACK / "1-36/metadata.yaml").read_text())
    assert found
    files |= {".cluster-stacks.yaml": settings, f"{STACK}/1-36/metadata.yaml": metadata(kubernetes=found[1])}
    repo.commit(files)
    return repo.checkout()


def new_version(repo: GitRepo, version: str, percent: int) -> str:
    """Commits an edit of the workers under that version; the same `percent` is the same content."""
    shared = (repo.path / STACK / "shared/cluster-class/default-worker.yaml").read_text()
    about = repo.read(f"{STACK}/1-36/metadata.yaml")
    repo.write({
        EDITED: shared.replace("nodefs.available<0%", f"nodefs.available<{percent}%"),
        f"{STACK}/1-36/metadata.yaml": re.sub(r"clusterStack: \S+", f"clusterStack: {version}", about),
    })
    repo.git("add", "-A")
    repo.git("commit", "-qm", f"Make {version}")
    return repo.git("rev-parse", "HEAD")


def make_cli(repo: GitRepo, capfd: Any) -> Cli:
    """Runs the command on the repository: (exit code, stdout, stderr)."""

    def call(*args: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = run([args[0], "--repo", str(repo.path), *args[1:]])
        return (code, *capfd.readouterr())

    return call


def listed(repo: GitRepo, ref: str = "rendered") -> list[str]:
    return repo.git("ls-tree", "-r", "--name-only", ref).splitlines()


def copied(template: GitRepo, path: Path) -> GitRepo:
    """A repository of one's own, as it was when the template was made."""
    shutil.copytree(template.path, path, symlinks=True)
    return GitRepo(path)


def two_versions(root: Path, path: Path, settings: str = SETTINGS) -> GitRepo:
    """A template: the stack's v1 and v2, both published."""
    repo = add_stack(new_repository(path), root, settings)
    for version, percent in (("", 0), ("v2", 1)):
        if version:
            new_version(repo, version, percent)
        assert run(["publish", "--repo", str(path), "--quiet"]) == 0
    return repo
