"""Makes the histories that the benchmarks replay, and the repository with many files that are no stacks."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

FAMILIES, MINORS = 40, tuple(f"1-{minor}" for minor in range(32, 37))
KEYS = (
    "cluster-class/cluster-class.yaml", "cluster-class/cluster.yaml", "cluster-class/control-plane.yaml",
    "cluster-class/machines.yaml", "cluster-class/worker.yaml", "cluster-addon/cilium/Chart.yaml",
    "cluster-addon/cilium/values.yaml", "node-images/images.yaml",
)
SHARED = ("cluster-class/common.yaml", "cluster-addon/metrics-server/values.yaml")
ELSEWHERE = 300
_EVERY_SHARED, _EVERY_OTHER, _EVERY_MERGE, _EVERY_MISTAKE = 20, 10, 15, 100


class _Stream:
    """Commits as git fast-import reads them."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.mark = 0

    def commit(self, subject: str, *parents: int, branch: str = "main") -> int:
        self.mark += 1
        head = f"commit refs/heads/{branch}\nmark :{self.mark}\n"
        head += f"committer b <b@example.org> {1_600_000_000 + self.mark} +0000\n"
        head += f"data {len(subject)}\n{subject}\n"
        head += "".join(f"{word} :{parent}\n" for word, parent in zip(("from", "merge"), parents, strict=False))
        self.lines.append(head.encode())
        return self.mark

    def file(self, path: str, text: str) -> None:
        self.lines.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode())

    def write(self, folder: Path) -> None:
        subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
        subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=b"".join(self.lines), check=True)
        subprocess.run(["git", "-C", str(folder), "repack", "-adq"], check=True)


class _Stacks:
    """The versions of all stacks, and what an edit of one writes."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._versions = {(family, minor): [1, 1, 1] for family in range(FAMILIES) for minor in MINORS}

    def start(self) -> None:
        for family, minor in self._versions:
            for key in KEYS:
                self._stream.file(f"{_path(family)}/{minor}/{key}", _text(key, 0))
            self._stamp(family, minor)
        for family in range(FAMILIES):
            for key in SHARED:
                self._stream.file(f"{_path(family)}/shared/{key}", _text(key, 0))

    def edit(self, family: int, minor: str, key: str, number: int, *, bump: bool = True) -> None:
        self._stream.file(f"{_path(family)}/{minor}/{key}", _text(key, number))
        if bump:
            self._bump(family, minor, key)

    def edit_shared(self, family: int, key: str, number: int) -> None:
        self._stream.file(f"{_path(family)}/shared/{key}", _text(key, number))
        for minor in MINORS:
            self._bump(family, minor, key)

    def _bump(self, family: int, minor: str, key: str) -> None:
        moved = (1, key.startswith("cluster-addon"), key.startswith("node-images"))
        versions = self._versions[family, minor]
        self._versions[family, minor] = [version + by for version, by in zip(versions, moved, strict=True)]
        self._stamp(family, minor)

    def _stamp(self, family: int, minor: str) -> None:
        stack, addon, image = self._versions[family, minor]
        self._stream.file(
            f"{_path(family)}/{minor}/metadata.yaml",
            "apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1\nversions:\n"
            f"  clusterStack: v{stack}\n  kubernetes: v{minor.replace('-', '.')}.1\n"
            f"  components:\n    clusterAddon: v{addon}\n    nodeImage: v{image}\n",
        )


def make_history(folder: Path, commits: int = 10_000) -> None:
    """So many commits on the first-parent line of `main`, and 200 stacks: edits with their bump, one in twenty of what
    five minors share, one in ten elsewhere, one in fifteen a merge, one in a hundred without its bump.
    """
    stream, chance = _Stream(), random.Random(1)
    stacks = _Stacks(stream)
    line = stream.commit("The stacks")
    stacks.start()
    for number in range(ELSEWHERE):
        stream.file(_elsewhere(number), "0\n")
    for number in range(1, commits):
        family, minor, key = chance.randrange(FAMILIES), chance.choice(MINORS), chance.choice(KEYS)
        if number % _EVERY_MERGE == 0:
            side = stream.commit(f"Side {number}", line, branch="side")
            stream.file(f"{_path(family)}/{minor}/{key}", _text(key, number))
            line = stream.commit(f"Merge {number}", line, side)
            stacks.edit(family, minor, key, number)
            continue
        line = stream.commit(f"Change {number}", line)
        if number % _EVERY_OTHER == 1:
            stream.file(_elsewhere(number), f"{number}\n")
        elif number % _EVERY_SHARED == 2:
            stacks.edit_shared(family, chance.choice(SHARED), number)
        else:
            stacks.edit(family, minor, key, number, bump=number % _EVERY_MISTAKE != 3)
    stream.write(folder)


def add_elsewhere(folder: Path, files: int = 100_000) -> None:
    """Adds files that are no stacks to every branch of a repository, and to its index."""
    stream: list[bytes] = []
    for branch in _branches(folder):
        head = f"commit refs/heads/{branch}\ncommitter b <b@example.org> 1700000000 +0000\ndata 4\nmany\n"
        stream.append(f"{head}from refs/heads/{branch}^0\n".encode())
        stream += [
            f"M 100644 inline src/{n // 5000}/{n // 100}/file{n}.txt\ndata 2\nx\n\n".encode() for n in range(files)
        ]
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=b"".join(stream), check=True)
    subprocess.run(["git", "-C", str(folder), "reset", "-q", "--hard"], check=True)


def _branches(folder: Path) -> Iterator[str]:
    words = ["git", "-C", str(folder), "for-each-ref", "--format=%(refname:short)", "refs/heads"]
    done = subprocess.run(words, check=True, capture_output=True)
    yield from done.stdout.decode().split()


def _path(family: int) -> str:
    return f"providers/docker/s{family:02}"


def _text(key: str, number: int) -> str:
    return f"# {key}\nvalue: {number}\n" * 20


def _elsewhere(number: int) -> str:
    return f"src/folder{number % 20}/file{number % ELSEWHERE}.txt"
