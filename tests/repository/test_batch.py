"""Reading many objects through one process."""

from __future__ import annotations

import gc
import os
import subprocess
from collections.abc import Iterator

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository import batch as module
from cluster_stacks.repository.batch import Batch
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot
from gitrepo_plugin import GitRepo


@pytest.fixture
def git(git_repo: GitRepo) -> Iterator[Git]:
    git_repo.commit({f"f{number}": f"content {number}\n" for number in range(600)} | {"empty": "", "nl": "\n\n"})
    git = Git.discover(git_repo.path)
    yield git
    git.close()


def test_objects_come_in_the_order_asked_for(git: Git) -> None:
    names = [f"HEAD:f{number}" for number in reversed(range(600))]
    found = [item.data for item in git.batch.read(names) if item]
    assert found == [b"content %d\n" % number for number in reversed(range(600))]


def test_what_is_not_there_is_none(git: Git) -> None:
    names = ["HEAD:nothing", "1" * 40, "HEAD:nothing with spaces", "HEAD:empty", "nowhere:f1", "HEAD:nl"]
    found = git.batch.read(names)
    assert [item and item.data for item in found] == [None, None, None, b"", None, b"\n\n"]


def test_kinds_of_objects_are_told(git: Git) -> None:
    found = git.batch.read(["HEAD", "HEAD^{tree}", "HEAD:f1"])
    assert [item and item.type for item in found] == ["commit", "tree", "blob"]


def test_one_process_serves_many_reads_and_ends(git: Git) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(git._start_batch())
        return started[-1]

    batch = Batch(start)
    assert batch.read(["HEAD:f1"])[0] == batch.read(["HEAD:f1"])[0]
    batch.close()
    assert batch.read(["HEAD:f2"])[0]
    del batch
    gc.collect()
    assert [process.poll() is not None for process in started] == [True, True]


def test_a_forked_worker_does_not_mix_its_replies_with_its_parents(git: Git) -> None:
    assert git.batch.read(["HEAD:f1"])[0]
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        item = git.batch.read(["HEAD:f3"])[0]
        os.write(write, item.data if item else b"nothing")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100) == b"content 3\n"
    item = git.batch.read(["HEAD:f2"])[0]
    assert item is not None
    assert item.data == b"content 2\n"
    os.close(read)
    os.close(write)


def test_an_object_that_is_too_large_is_passed_over(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)
    monkeypatch.setattr(module, "_STEP", 4)
    large, small = git.batch.read(["HEAD:f100", "HEAD:nl"])
    assert large is not None
    assert (large.too_large, large.size, large.data) == (True, 12, b"")
    assert small is not None
    assert small.data == b"\n\n"


def test_a_repository_that_git_cannot_read(git_repo: GitRepo) -> None:
    oid = git_repo.commit({"a": "1"})
    blob = git_repo.git("rev-parse", f"{oid}:a")
    for pack in (git_repo.path / ".git" / "objects").rglob(blob[2:]):
        pack.chmod(0o644)
        pack.write_bytes(b"damaged")
    snapshot = CommitSnapshot(Git.discover(git_repo.path))
    with pytest.raises(CannotTell, match=r"the content of a is not in this repository: .*git fsck"):
        list(snapshot.read(snapshot.entries()))
