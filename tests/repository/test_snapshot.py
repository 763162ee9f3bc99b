"""Commit, index and work tree read alike."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.repository import batch
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot, IndexSnapshot, Snapshot, WorktreeSnapshot, read_path
from gitrepo_plugin import Files, GitRepo, Special, executable, link, new_repository, submodule

ODD = {
    "providers/docker/scs/1-36/cluster-class/with spaces.yaml": "a",
    'providers/docker/scs/1-36/cluster-class/"quoted".yaml': "b",
    "providers/docker/scs/1-36/cluster-class/new\nline.yaml": "c",
    "providers/docker/scs/1-36/cluster-class/größe.yaml": "d",
    os.fsdecode(b"providers/docker/scs/1-36/cluster-class/\xff\xfe.yaml"): "e",
    "providers/docker/scs/1-36/cluster-class/[a-z]*.yaml": "f",
    ":(exclude)odd": "g",
}
KINDS: dict[str, Callable[[Git], Snapshot]] = {
    "commit": CommitSnapshot, "index": IndexSnapshot, "work tree": WorktreeSnapshot,
}


def contents(snapshot: Snapshot, *prefixes: str) -> dict[str, bytes]:
    return {entry.path: data for entry, data in snapshot.read(snapshot.entries(*prefixes))}


def fill(repo: GitRepo, files: Files) -> GitRepo:
    repo.commit(files)
    return repo.checkout()


@pytest.mark.parametrize("kind", KINDS)
def test_any_file_name_and_content_is_read(git_repo: GitRepo, kind: str) -> None:
    binary = bytes(range(256)) * 40
    snapshot = KINDS[kind](Git.discover(fill(git_repo, ODD | {"providers/binary": binary}).path))
    assert contents(snapshot) == {path: text.encode() for path, text in ODD.items()} | {"providers/binary": binary}


@pytest.mark.parametrize("kind", KINDS)
def test_a_prefix_is_a_path_and_no_pattern(git_repo: GitRepo, kind: str) -> None:
    snapshot = KINDS[kind](Git.discover(fill(git_repo, ODD).path))
    folder = "providers/docker/scs/1-36/cluster-class"
    assert list(contents(snapshot, f"{folder}/[a-z]*.yaml")) == [f"{folder}/[a-z]*.yaml"]
    assert len(contents(snapshot, folder)) == len(contents(snapshot, folder + "/")) == 6
    assert contents(snapshot, "prov", "providers/docker/scs/1-3") == {}


@pytest.mark.parametrize("kind", KINDS)
def test_it_does_not_matter_where_one_stands(git_repo: GitRepo, kind: str) -> None:
    below = fill(git_repo, ODD).path / "providers" / "docker"
    assert len(contents(KINDS[kind](Git.discover(below)))) == len(ODD)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_is_its_target_as_text(git_repo: GitRepo, kind: str) -> None:
    fill(git_repo, {"providers/l": link("/etc/passwd"), "x": executable("x")})
    snapshot = KINDS[kind](Git.discover(git_repo.path))
    (entry,) = snapshot.entries("providers")
    assert entry.is_symlink
    assert contents(snapshot, "providers") == {"providers/l": b"/etc/passwd"}
    assert snapshot.entries("x")[0].mode == "100755"


@pytest.mark.parametrize("kind", KINDS)
def test_a_submodule_is_seen(git_repo: GitRepo, kind: str) -> None:
    snapshot = KINDS[kind](Git.discover(fill(git_repo, {"providers/s": submodule(), "providers/x": "1"}).path))
    assert [entry.is_submodule for entry in snapshot.entries("providers")] == [True, False]


def test_index_and_work_tree_differ_from_the_commit(git_repo: GitRepo) -> None:
    fill(git_repo, {"providers/a": "1", "providers/b": "1", ".gitignore": "*.log\n"})
    git_repo.stage({"providers/a": "2"}).write({"providers/a": "3", "providers/new": "4", "providers/x.log": "5"})
    (git_repo.path / "providers/b").unlink()
    git = Git.discover(git_repo.path)
    before = git_repo.git("status", "--porcelain"), sorted((git_repo.path / ".git").rglob("*"))
    assert contents(CommitSnapshot(git), "providers") == {"providers/a": b"1", "providers/b": b"1"}
    assert contents(IndexSnapshot(git), "providers") == {"providers/a": b"2", "providers/b": b"1"}
    assert contents(WorktreeSnapshot(git), "providers") == {"providers/a": b"3", "providers/new": b"4"}
    assert before == (git_repo.git("status", "--porcelain"), sorted((git_repo.path / ".git").rglob("*")))


def test_a_change_of_the_same_size_in_the_same_instant_is_seen(git_repo: GitRepo) -> None:
    fill(git_repo, {"providers/a": "1"})
    where = git_repo.path / "providers/a"
    times = where.stat()
    where.write_text("2")
    os.utime(where, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert contents(WorktreeSnapshot(Git.discover(git_repo.path))) == {"providers/a": b"2"}


def test_nothing_of_the_work_tree_is_left_behind(
    git_repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    snapshot = WorktreeSnapshot(Git.discover(fill(git_repo, {"providers/a": "1"}).path))
    assert list((tmp_path / "temporary").iterdir())
    del snapshot
    gc.collect()
    assert not list((tmp_path / "temporary").iterdir())


def test_line_ends_are_those_of_the_commit_to_be(git_repo: GitRepo) -> None:
    git_repo.stage({".gitattributes": "* text eol=crlf\n", "providers/a": "1\r\n2\r\n"})
    git = Git.discover(git_repo.path)
    assert contents(WorktreeSnapshot(git), "providers") == contents(IndexSnapshot(git), "providers") == {
        "providers/a": b"1\n2\n"
    }


@pytest.mark.parametrize("kind", ["index", "work tree"])
def test_an_unborn_branch_is_empty(git_repo: GitRepo, kind: str) -> None:
    assert KINDS[kind](Git.discover(git_repo.path)).entries() == []


def test_a_commit_that_is_not_there(git_repo: GitRepo) -> None:
    with pytest.raises(CannotTell, match="unknown revision HEAD"):
        CommitSnapshot(Git.discover(git_repo.path)).entries()


def test_a_bare_repository_has_commits_only(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "bare", bare=True)
    repo.commit({"providers/a": "1"})
    git = Git.discover(repo.path)
    assert contents(CommitSnapshot(git, "main")) == {"providers/a": b"1"}
    with pytest.raises(CannotTell, match="a bare repository has no work tree"):
        WorktreeSnapshot(git)


def test_a_linked_work_tree_has_its_own_index(git_repo: GitRepo, tmp_path: Path) -> None:
    fill(git_repo, {"providers/a": "1"})
    git_repo.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))
    linked = GitRepo(tmp_path / "linked").stage({"providers/a": "2"}).write({"providers/a": "3"})
    assert contents(IndexSnapshot(Git.discover(linked.path))) == {"providers/a": b"2"}
    assert contents(WorktreeSnapshot(Git.discover(linked.path))) == {"providers/a": b"3"}
    assert contents(IndexSnapshot(Git.discover(git_repo.path))) == {"providers/a": b"1"}


@pytest.mark.parametrize("cone", ["docs", "providers/a"])
def test_what_a_sparse_checkout_leaves_out_is_not_deleted(git_repo: GitRepo, cone: str) -> None:
    fill(git_repo, {"providers/a/x": "1", "providers/b/x": "1", "docs/x": "1"})
    git_repo.git("sparse-checkout", "set", cone)
    git_repo.write({"providers/a/new": "2"})
    found = contents(WorktreeSnapshot(Git.discover(git_repo.path)), "providers")
    assert found == {"providers/a/new": b"2", "providers/a/x": b"1", "providers/b/x": b"1"}


def test_inside_a_submodule_it_is_the_submodules_repository(git_repo: GitRepo, tmp_path: Path) -> None:
    inner = new_repository(tmp_path / "inner")
    inner.commit({"providers/inner": "1"})
    git_repo.git("submodule", "--quiet", "add", str(inner.path), "sub")
    assert contents(WorktreeSnapshot(Git.discover(git_repo.path / "sub"))) == {"providers/inner": b"1"}


def test_another_index_counts_where_git_names_one(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(git_repo, {"providers/a": "1"}).stage({"providers/a": "2"})
    git_repo.git("read-tree", "HEAD", env={"GIT_INDEX_FILE": ".git/next"})
    monkeypatch.chdir(git_repo.path)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next")
    assert contents(IndexSnapshot(Git.discover())) == {"providers/a": b"1"}


def test_an_unresolved_merge_cannot_be_read(git_repo: GitRepo) -> None:
    git_repo.commit({"providers/a": "1"})
    git_repo.commit({"providers/a": "2"}, branch="other", parent="main")
    git_repo.commit({"providers/a": "3"})
    git_repo.checkout().git("merge", "other", ok=1)
    with pytest.raises(CannotTell, match="the index has an unresolved merge at providers/a: resolve it"):
        IndexSnapshot(Git.discover(git_repo.path)).entries()


def test_a_file_of_many_megabytes_is_refused(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LARGEST", 3)
    snapshot = CommitSnapshot(Git.discover(fill(git_repo, {"providers/a": "1234"}).path))
    with pytest.raises(Refused, match="keep it out of Git and name its URL"):
        contents(snapshot)
    assert read_path(snapshot, "providers/a") is None


def test_one_file(git_repo: GitRepo) -> None:
    snapshot = CommitSnapshot(Git.discover(fill(git_repo, {"a/b": "1", "s": Special("160000", "1" * 40)}).path))
    assert [read_path(snapshot, path) for path in ("a/b", "a", "c", "s")] == [b"1", None, None, None]
