"""Real Git repositories for tests, made fast: the fixture `git_repo`.

Commits come from `git fast-import`, 10 ms each, and never touch the work tree; `checkout` fills it where a test needs
it. Registered in tests/conftest.py by `pytest_plugins`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest


@dataclass(frozen=True, slots=True)
class Special:
    """A file of another mode: a symbolic link (120000), an executable (100755), a submodule (160000, data its id)."""

    mode: str
    data: str


Content: TypeAlias = str | bytes | Special | None
Files: TypeAlias = Mapping[str, Content]


def link(target: str) -> Special:
    """A symbolic link."""
    return Special("120000", target)


def executable(text: str) -> Special:
    """A file with the executable bit."""
    return Special("100755", text)


def submodule(oid: str = "1" * 40) -> Special:
    """A submodule at a commit that nobody has."""
    return Special("160000", oid)


@dataclass
class GitRepo:
    """A repository in `path`. Paths given as text may hold surrogate escapes: names that are no UTF-8."""

    path: Path
    bare: bool = False
    _marks: dict[str, int] = field(default_factory=dict)

    def git(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, ok: int | None = 0) -> str:
        """The output of git in this repository; `ok` is the exit code that is expected (None: any)."""
        done = subprocess.run(
            ["git", *args], cwd=self.path, input=stdin, capture_output=True, check=False,
            env={**os.environ, **(env or {})},
        )
        assert ok is None or done.returncode == ok, done.stderr.decode(errors="replace")
        return os.fsdecode(done.stdout).strip("\n")

    def commit(
        self, files: Files, *, branch: str = "main", parent: str | None = None, message: str = "A change"
    ) -> str:
        """Commits edits (None: a deleted file) on top of a branch, or of `parent`; gives the commit's id."""
        ref = f"refs/heads/{branch}"
        known = self.git("rev-parse", "--verify", "--quiet", parent or ref, ok=None)
        stream = [
            b"commit %s\ncommitter A Tester <tester@example.invalid> 1767323045 +0000\n" % ref.encode(),
            b"data %d\n%s\n" % (len(message.encode()), message.encode()),
            b"from %s\n" % known.encode() if known else b"",
            *(_change(path, content) for path, content in files.items()),
            b"\n",
        ]
        self.git("fast-import", "--quiet", "--force", stdin=b"".join(stream))
        return self.git("rev-parse", ref)

    def checkout(self, revision: str = "main") -> GitRepo:
        """Makes a branch (or a commit, detached) the current one, with its files in the index and the work tree."""
        self.git("checkout", "--quiet", "--force", revision)
        return self

    def write(self, files: Files) -> GitRepo:
        """Edits the work tree."""
        for path, content in files.items():
            where = self.path / path
            if content is None:
                where.unlink()
                continue
            where.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Special) and content.mode == "120000":
                where.symlink_to(content.data)
                continue
            where.write_bytes(_bytes(content))
            if isinstance(content, Special):
                where.chmod(0o755)
        return self

    def stage(self, files: Files) -> GitRepo:
        """Edits the work tree and the index."""
        self.write(files)
        self.git("add", "--all", "--", *files)
        return self

    def read(self, path: str) -> str:
        """A file of the work tree."""
        return (self.path / path).read_bytes().decode()


def _bytes(content: str | bytes | Special) -> bytes:
    if isinstance(content, Special):
        return content.data.encode()
    return content if isinstance(content, bytes) else content.encode()


def _change(path: str, content: Content) -> bytes:
    name = _quoted(os.fsencode(path))
    if content is None:
        return b"D %s\n" % name
    mode = content.mode if isinstance(content, Special) else "100644"
    data = _bytes(content)
    if mode == "160000":
        return b"M 160000 %s %s\n" % (data, name)
    return b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), name, len(data), data)


def _quoted(path: bytes) -> bytes:
    plain = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"%s"' % plain


def metadata(
    cluster_stack: str = "v1", kubernetes: str = "v1.36.1", cluster_addon: str = "v1", node_image: str = "v1"
) -> str:
    """A metadata.yaml with these versions."""
    return (
        "apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1\n"
        "versions:\n"
        f"  clusterStack: {cluster_stack}\n"
        f"  kubernetes: {kubernetes}\n"
        "  components:\n"
        f"    clusterAddon: {cluster_addon}\n"
        f"    nodeImage: {node_image}\n"
    )


def stack(
    path: str = "docker/scs/1-36", cluster_stack: str = "v1", cluster_addon: str = "v1", node_image: str = "v1", *,
    patch: int = 1,
) -> dict[str, Content]:
    """The files of a small stack: one in each layer, and metadata.yaml."""
    minor = path.rpartition("/")[2].replace("-", ".")
    folder = f"providers/{path}"
    return {
        f"{folder}/metadata.yaml": metadata(cluster_stack, f"v{minor}.{patch}", cluster_addon, node_image),
        f"{folder}/cluster-class/class.yaml": "kind: ClusterClass\nmetadata: {name: <% release_name %>}\n",
        f"{folder}/cluster-addon/cilium/values.yaml": "cilium: {}\n",
        f"{folder}/cluster-addon/cilium/Chart.yaml": "name: cilium\nversion: v1\n",
        f"{folder}/node-images/images.yaml": "images: []\n",
    }


@pytest.fixture
def git_repo(tmp_path: Path) -> GitRepo:
    """An empty repository on the unborn branch `main`."""
    return new_repository(tmp_path / "repository")


@pytest.fixture
def new_repo(tmp_path: Path) -> Callable[[str], GitRepo]:
    """Makes further repositories, by name."""
    return lambda name: new_repository(tmp_path / name)


def new_repository(path: Path, *, bare: bool = False) -> GitRepo:
    """An empty repository in a new folder."""
    options = ["--quiet", "--template=", "--initial-branch=main", *(["--bare"] if bare else [])]
    subprocess.run(["git", "init", *options, str(path)], check=True, capture_output=True)
    return GitRepo(path, bare)
