"""Real repositories, and releases made by hand: what rendering gives is tested where rendering is."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cluster_stacks.documents.json import dumps
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.release import ImageUnit, Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import KubernetesVersion, Version
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.compose import Made, Wanted
from cluster_stacks.publishing.deliver import Generation
from cluster_stacks.publishing.source import read_source
from cluster_stacks.publishing.stage import stage
from cluster_stacks.publishing.tips import Target
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.repository.git import Git


@dataclass(frozen=True)
class File:
    path: str
    data: bytes
    release: str | None = None


@dataclass(frozen=True)
class Repo:
    """A repository on disk, driven by the real git."""

    path: Path

    def git(self, *args: str, stdin: str | None = None) -> str:
        done = subprocess.run(["git", *args], cwd=self.path, input=stdin, capture_output=True, text=True, check=True)
        return done.stdout.rstrip("\n")

    @property
    def ask(self) -> Git:
        return Git.discover(self.path)

    def commit(self, message: str = "Edit a stack", path: str = "providers/note", text: str = "") -> str:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text or message)
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    def files(self, ref: str = "rendered") -> list[str]:
        return self.git("ls-tree", "-r", "--name-only", ref).splitlines()

    def show(self, path: str, ref: str = "rendered") -> str:
        return self.git("show", f"{ref}:{path}")

    def edit(self, changes: Mapping[str, str | None], ref: str = "rendered") -> str:
        """Commits to a branch by hand: path → content, None for a path that goes."""
        lines = [
            f"0 {'0' * 40}\t{path}" if text is None else
            f"100644 {self.git('hash-object', '-w', '--stdin', stdin=text)}\t{path}"
            for path, text in changes.items()
        ]
        self.git("read-tree", ref)
        self.git("update-index", "--index-info", stdin="\n".join(lines) + "\n")
        commit = self.git("commit-tree", self.git("write-tree"), "-p", ref, "-m", "By hand")
        self.git("update-ref", f"refs/heads/{ref}", commit)
        self.git("read-tree", "HEAD")
        return commit

    def publish(
        self, releases: Sequence[Release] = (), generations: Sequence[Generation] = (), *, branch: str = "rendered",
        remote: str | None = None, push: bool = False, dry_run: bool = False, redeliver: bool = False,
        head: str = "HEAD", adopt: bool = False, made_at: Callable[[str], Made] | None = None,
    ) -> publisher.Outcome:
        git = self.ask
        wanted = Wanted(
            read_source(git, git.commit(head)), (), generations, "https://git.example/stacks", redeliver, adopt=adopt,
            made_at=made_at,
        )
        return publisher.run(
            git, Target(branch, remote, push), wanted, lambda _, writer: [stage(r, writer) for r in releases],
            dry_run=dry_run,
        )


def make_facts(
    stack: StackId, metadata: Metadata, digest: str, *, addons: Sequence[object] = (), images: object = None
) -> dict[str, object]:
    return {
        "schemaVersion": 1,
        "name": stack.release_name(metadata.cluster_stack),
        "stack": {"id": str(stack), "provider": stack.provider, "name": stack.name, "minor": stack.minor},
        "versions": metadata.as_dict(),
        "sourceDigest": digest,
        "tools": {"cluster-stacks": "0.1.0"},
        "classes": [{
            "name": stack.release_name(metadata.cluster_stack), "apiVersion": "cluster.x-k8s.io/v1beta2",
            "variables": [], "workers": ["default"], "kubernetesVersions": [],
        }],
        "objects": [],
        "addons": list(addons),
        "images": images,
        "clusterVariables": ["cluster_name"],
        "notes": [],
    }


def make_release(
    stack: str = "docker/scs/1-36", version: str = "v1", *, content: str = "class", digest: str = "",
    unit: str = "", unit_digest: str = "sha256:u",
) -> Release:
    """A release with one file of `content`; its digest is made of it unless given."""
    found = StackId.parse(stack)
    assert found is not None
    minor = int(found.minor.split("-")[1])
    metadata = Metadata(
        Version.parse(version), KubernetesVersion(1, minor, 1), Version.parse("v1"), Version.parse(unit or "v1")
    )
    images = {"unit": unit, "items": [], "objects": []} if unit else None
    facts = make_facts(found, metadata, digest or f"sha256:{content}", images=images)
    files = {
        "release.json": dumps(facts).encode(), "cluster-class/class.yaml": f"{content}\n".encode(),
        "kustomization.yaml": b"resources: [cluster-class/class.yaml]\n", "README.md": b"# how\n",
    }
    built = ImageUnit(unit, unit_digest, {"image.json": b"{}\n"}) if unit else None
    return Release(found, metadata, facts, files, (), built)


def make_generation(
    run: Callable[[Sequence[ReleaseFacts], Container[str]], Sequence[File]] | None = None, *, name: str = "flux",
    version: str = "1", text: str = "one",
) -> Generation:
    """A generator that makes one file a release and a list of them; `text` is its template, so to speak."""

    def files(facts: Sequence[ReleaseFacts], kept: Container[str]) -> list[File]:
        own = [File(f"{item.name}.yaml", f"{text} {item.name}\n".encode(), item.name) for item in facts]
        new = [file for file in own if file.path not in kept]
        return [*new, File("kustomization.yaml", "".join(f"{file.path}\n" for file in own).encode())]

    return Generation(name, version, text, run or files)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one commit on main."""
    made = Repo(tmp_path / "stacks")
    made.path.mkdir()
    made.git("init", "-q")
    made.commit("Add a stack")
    return made


@pytest.fixture
def remote(repo: Repo, tmp_path: Path) -> Repo:
    """A bare remote, `origin` of `repo`."""
    bare = Repo(tmp_path / "origin.git")
    bare.path.mkdir()
    bare.git("init", "-q", "--bare")
    repo.git("remote", "add", "origin", str(bare.path))
    repo.git("push", "-q", "origin", "main")
    return bare


@pytest.fixture
def release() -> Callable[..., Release]:
    return make_release


@pytest.fixture
def generation() -> Callable[..., Generation]:
    return make_generation


@pytest.fixture
def file() -> type[File]:
    return File
