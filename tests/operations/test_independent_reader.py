"""What `publish` writes, read by another implementation of Git than the one that wrote it: GitPython's own reader.

Git's plumbing wrote the objects and would read its own mistakes back. GitDB parses loose objects and packs by itself.
"""

from __future__ import annotations

import json
import subprocess

import git
import pytest

from cluster_stacks.operations.publish import Options, publish
from gitrepo_plugin import GitRepo
from small_stack import files

# It is deprecated as a backend for untrusted and large repositories, and still the one reader that is not git itself.
pytestmark = pytest.mark.filterwarnings("ignore:GitDB is deprecated:DeprecationWarning")
SETTINGS = "repositoryURL: https://git.example/stacks.git\ngenerators: [{name: flux}, {name: argocd}]\n"


@pytest.fixture(params=["loose", "packed"])
def branch(git_repo: GitRepo, request: pytest.FixtureRequest) -> git.Commit:
    """The tip of a branch with two publishes."""
    for edit in (files() | {".cluster-stacks.yaml": SETTINGS}, files(version="v2", image="b")):
        git_repo.commit(edit, message="A change\n\nWith a body: ünicode")
        assert publish(git_repo.path, [], Options(head="main")).commit
    if request.param == "packed":
        git_repo.git("gc", "--quiet")
    return git.Repo(git_repo.path, odbt=git.GitDB).heads["rendered"].commit


def paths(tree: git.Tree) -> dict[str, git.Blob]:
    return {str(item.path): item for item in tree.traverse() if isinstance(item, git.Blob)}


def test_every_file_is_there_plain_and_as_git_reads_it(branch: git.Commit, git_repo: GitRepo) -> None:
    found = paths(branch.tree)
    assert sorted(found) == sorted(git_repo.git("ls-tree", "-r", "--name-only", "rendered").splitlines())
    assert {blob.mode for blob in found.values()} == {0o100644}
    whole = ["git", "cat-file", "blob", "rendered:catalogue.json"]
    assert found["catalogue.json"].data_stream.read() == subprocess.check_output(whole, cwd=git_repo.path)


def test_a_release_is_the_same_tree_in_both_commits(branch: git.Commit) -> None:
    [before] = branch.parents
    assert not before.parents
    folder = "releases/docker/scs/1-36/v1"
    assert (branch.tree / folder).hexsha == (before.tree / folder).hexsha
    assert "releases/docker/scs/1-36/v2/release.json" in paths(branch.tree)


def test_the_commit_tells_of_its_source(branch: git.Commit, git_repo: GitRepo) -> None:
    source = git_repo.git("rev-parse", "main")
    trailers = branch.trailers_dict
    assert trailers["Argocd-reference-commit-sha"] == [source]
    assert trailers["Argocd-reference-commit-subject"] == ["A change"]
    assert json.loads(trailers["Argocd-reference-commit-body"][0]) == "With a body: ünicode"
    hydrator = json.loads(paths(branch.tree)["hydrator.metadata"].data_stream.read())
    assert hydrator["drySha"] == source


def test_trees_are_sorted_as_git_wants_them(branch: git.Commit, git_repo: GitRepo) -> None:
    """A tree that is not would be read, and never found equal to the same tree by another tool."""
    git_repo.git("fsck", "--strict", "--no-dangling")
    for tree in (branch.tree, *(item for item in branch.tree.traverse() if isinstance(item, git.Tree))):
        keys = [f"{item.name}/" if isinstance(item, git.Tree) else str(item.name) for item in tree]
        assert keys == sorted(keys, key=str.encode)
