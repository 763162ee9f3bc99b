"""Which branch a change is meant for, where nobody says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.repository.base import Base, Ref, choose_base, default_base, default_branch
from cluster_stacks.repository.git import Git
from gitrepo_plugin import GitRepo, new_repository


def refs(*rows: str) -> list[Ref]:
    """Branches by short names: `*` before the current one, `>` before its upstream, `=` before what a symref names."""
    found = []
    for row in rows:
        name, _, upstream = row.removeprefix("*").partition(">")
        name, _, symref = name.partition("=")
        full = [f"refs/{text}" if text else "" for text in (name, symref, upstream)]
        found.append(Ref(row.startswith("*"), full[0], full[1], full[2]))
    return found


def ref_of(base: Base | None) -> str | None:
    return base.ref if base else None


ORIGIN = tuple(
    f"remotes/origin/{name}" for name in ("HEAD=remotes/origin/next", "next", "main", "topic")
)


@pytest.mark.parametrize(
    ("rows", "base"),
    [
        (("*heads/topic>remotes/origin/release-1", "remotes/origin/release-1", *ORIGIN), "origin/release-1"),
        (("*heads/topic>remotes/origin/topic", *ORIGIN), "origin/next"),
        (("*heads/topic", *ORIGIN), "origin/next"),
        (("*heads/next>remotes/origin/next", *ORIGIN), "origin/next"),
        (("*heads/topic>heads/main", "heads/main"), "main"),
        (("*heads/topic", "remotes/origin/topic", "remotes/origin/master"), "origin/master"),
        (("*heads/topic", "remotes/fork/main"), "fork/main"),
        (("*heads/topic", "remotes/fork/main", "remotes/origin/main"), "origin/main"),
        (("*heads/topic>remotes/fork/topic", "remotes/fork/main", "remotes/origin/main"), "fork/main"),
        (("*heads/topic", "heads/main"), "main"),
        (("heads/topic", "heads/master"), "master"),
        (("*heads/main",), None),
        (("*heads/trunk",), None),
        ((), None),
        (("*heads/topic>remotes/origin/gone", "heads/main"), "main"),
    ],
)
def test_the_first_that_is_there(rows: tuple[str, ...], base: str | None) -> None:
    assert ref_of(choose_base(refs(*rows), "HEAD")) == base


def test_of_a_named_head() -> None:
    assert ref_of(choose_base(refs("*heads/main", "heads/topic"), "topic")) == "main"
    assert choose_base(refs("*heads/trunk", "heads/topic"), "topic") is None
    assert ref_of(choose_base(refs("*heads/trunk", "heads/topic"), "topic", bare=True)) == "trunk"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("*heads/topic>remotes/origin/release-1", "remotes/origin/release-1"), "origin/release-1 (upstream of topic)"),
        (("*heads/topic", *ORIGIN), "origin/next (default branch of the remote)"),
        (("*heads/topic", "remotes/origin/main"), "origin/main (the remote's main)"),
        (("*heads/topic", "heads/master"), "master (the branch master of this clone)"),
    ],
)
def test_the_reason_is_told(rows: tuple[str, ...], said: str) -> None:
    assert str(choose_base(refs(*rows), "HEAD")) == said


def test_the_default_branch_of_a_remote() -> None:
    assert default_branch(refs("*heads/topic", *ORIGIN), "origin") == "next"
    assert default_branch(refs("*heads/main", "remotes/fork/main", *ORIGIN), "fork") == "main"
    assert default_branch(refs("*heads/main", *ORIGIN), "fork") == ""


def test_in_a_clone(git_repo: GitRepo, tmp_path: Path) -> None:
    git_repo.commit({"a": "1"})
    clone = GitRepo(tmp_path / "clone")
    git_repo.git("clone", "--quiet", str(git_repo.path), str(clone.path))
    assert ref_of(default_base(Git.discover(clone.path))) == "origin/main"
    clone.git("checkout", "--quiet", "--detach")
    assert ref_of(default_base(Git.discover(clone.path))) == "origin/main"
    assert default_base(Git.discover(git_repo.path)) is None


def test_in_a_bare_repository(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "bare", bare=True)
    repo.commit({"a": "1"})
    repo.commit({"a": "2"}, branch="topic", parent="main")
    assert ref_of(default_base(Git.discover(repo.path), "topic")) == "main"
