"""The history as git gives it: cut at NULs, whatever stands between them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.log import Commit, Log, Span, children, span
from gitrepo_plugin import GitRepo, link, stack

FILE = "providers/docker/scs/1-36/cluster-class/x.yaml"


def read(repo: GitRepo, *, all_refs: bool = False, folders: tuple[str, ...] = ()) -> list[Commit]:
    git = Git.discover(repo.path)
    meant = span(git, "HEAD", None, all_refs=all_refs)
    git.close()
    with Log(git, meant, folders) as commits:
        return list(commits)


def test_commits_with_what_they_changed(git_repo: GitRepo) -> None:
    first = git_repo.commit({FILE: "a", "README.md": "x"}, message="first\n\nmore")
    second = git_repo.commit({"README.md": "y"}, message="")
    third = git_repo.commit({FILE: link("y")}, message=":100644 third")
    found = read(git_repo)
    assert [(each.oid, each.parents, each.subject) for each in found] == [
        (first, (), "first"), (second, (first,), ""), (third, (second,), ":100644 third")
    ]
    assert [len(each.changes) for each in found] == [1, 0, 1]
    (change,) = found[2].changes
    assert change.old is not None
    assert change.new is not None
    assert (change.path, change.old.mode, change.new.mode) == (FILE, "100644", "120000")
    assert found[0].date == "2026-01-02"
    assert found[0].short == first[:10]


def test_odd_names(git_repo: GitRepo) -> None:
    names = [os.fsdecode(f"{FILE}{end}".encode() + b"\xff") for end in ("\n:100644", " a\t", ":", "é")]
    git_repo.commit(dict.fromkeys(names, "x"))
    assert sorted(change.path for change in read(git_repo)[0].changes) == sorted(names)


def test_only_the_folders_that_are_asked_for(git_repo: GitRepo) -> None:
    git_repo.commit({**stack(), **stack("docker/two/1-36")})
    (commit,) = read(git_repo, folders=("providers/docker/two",))
    assert {change.path.split("/")[2] for change in commit.changes} == {"two"}


def test_dates_no_calendar_has() -> None:
    assert Commit("a" * 40, (), "9" * 20, "").date == Commit("a" * 40, (), "", "").date == "-"


def test_how_many_children(git_repo: GitRepo) -> None:
    base = git_repo.commit({FILE: "a"})
    git_repo.commit({FILE: "b"})
    git_repo.commit({FILE: "c"}, branch="topic", parent=base)
    git = Git.discover(git_repo.path)
    assert children(git, Span(all_refs=True)) == {base: 2}
    assert children(git, Span(("main",))) == {base: 1}


def test_leaving_early_leaves_nothing_behind(git_repo: GitRepo) -> None:
    git_repo.commit({FILE: "a"})
    git = Git.discover(git_repo.path)
    with Log(git, Span(("main",))) as commits:
        next(iter(commits))
    with Log(git, Span(("main",))):
        pass


def test_unknown_commits(git_repo: GitRepo, tmp_path: Path) -> None:
    git_repo.commit({FILE: "a"})
    git = Git.discover(git_repo.path)
    for head, since, words in (("nowhere", None, "unknown revision"), ("HEAD", "-x", "names no commit")):
        with pytest.raises(CannotTell, match=words):
            span(git, head, since)
    git.close()
    with pytest.raises(CannotTell, match="no Git repository"):
        span(Git.discover(tmp_path), "HEAD", None)
