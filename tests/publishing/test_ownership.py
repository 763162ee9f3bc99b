"""Whose a path is: branches of others, files of others, and what may have happened to ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.publishing.tips import Target, require_target

Make = Callable[..., Any]
INDEX = ".cluster-stacks/index.json"
SERIES = "releases/docker/scs/1-36/series.json"


def foreign(repo: Any, files: dict[str, str], branch: str = "rendered") -> str:
    """A branch that somebody else made, with no history in common with the sources."""
    tree = repo.git("hash-object", "-t", "tree", "-w", "--stdin", stdin="")
    repo.git("update-ref", f"refs/heads/{branch}", repo.git("commit-tree", tree, "-m", "theirs"))
    return str(repo.edit(files, branch))


def put(repo: Any, mode: str, path: str, oid: str) -> str:
    """Commits an entry of any mode to the branch."""
    repo.git("read-tree", "rendered")
    repo.git("update-index", "--add", "--cacheinfo", f"{mode},{oid},{path}")
    commit = repo.git("commit-tree", repo.git("write-tree"), "-p", "rendered", "-m", "By hand")
    repo.git("update-ref", "refs/heads/rendered", commit)
    repo.git("read-tree", "HEAD")
    return str(commit)


def refused(repo: Any, *releases: Any, **options: Any) -> list[tuple[str, str]]:
    """Rule and path of each finding; the branch stays as it was."""
    before = repo.git("for-each-ref")
    with pytest.raises(Refused) as caught:
        repo.publish(list(releases), **options)
    assert repo.git("for-each-ref") == before
    assert all("\n" not in finding.message for finding in caught.value.findings)
    return [(finding.rule, finding.path) for finding in caught.value.findings]


def test_adopt_keeps_what_is_there(repo: Any, release: Make, generation: Make) -> None:
    theirs = foreign(repo, {"docs/README.md": "theirs\n", "CODEOWNERS": "* @them\n"})
    assert refused(repo, release()) == [("CS560", "")]
    outcome = repo.publish([release()], [generation()], adopt=True)
    assert outcome.before == theirs
    assert repo.show("CODEOWNERS") == "* @them"
    assert "releases/docker/scs/1-36/v1/release.json" in repo.files()
    assert repo.publish([release(version="v2", content="two")], [generation()]).commit


def test_adopt_writes_over_nothing(repo: Any, release: Make) -> None:
    foreign(repo, {"README.md": "theirs\n", "releases": "a file\n"})
    assert set(refused(repo, release(), adopt=True)) == {("CS563", "README.md"), ("CS563", "releases")}


def test_adopt_never_takes_the_branch_of_the_sources(repo: Any, release: Make) -> None:
    """In a job HEAD is detached, and no name tells."""
    repo.git("checkout", "-q", "--detach")
    with pytest.raises(CannotTell, match="main holds the sources"):
        repo.publish([release()], branch="main", adopt=True)


def test_an_index_that_is_gone_is_told(repo: Any, release: Make) -> None:
    repo.publish([release()])
    repo.edit({INDEX: None})
    with pytest.raises(Refused, match=r"index\.json is gone: restore it"):
        repo.publish([release()])


@pytest.mark.parametrize("branch", ["rendered", "team/rendered"])
@pytest.mark.parametrize("name", ["origin", "a/b"])
def test_the_sources_branch_of_a_remote(repo: Any, remote: Any, name: str, branch: str) -> None:
    repo.git("remote", "rename", "origin", name) if name != "origin" else None
    repo.git("push", "-q", name, f"HEAD:refs/heads/{branch}")
    repo.git("fetch", "-q", name)
    with pytest.raises(CannotTell, match="branch of the sources"):
        require_target(repo.ask, Target(branch), f"{name}/{branch}")
    require_target(repo.ask, Target("other"), f"{name}/{branch}")


def test_a_branch_that_another_worktree_has_checked_out(repo: Any, release: Make, tmp_path: Path) -> None:
    repo.publish([release()])
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "rendered")
    with pytest.raises(CannotTell, match="checked out"):
        require_target(repo.ask, Target("rendered"), "HEAD")
    with pytest.raises(CannotTell, match="no name for a branch"):
        require_target(repo.ask, Target("HEAD"), "HEAD")


@pytest.mark.parametrize(("path", "mode"), [
    ("README.md", "120000"), ("catalogue.json", "160000"), (SERIES, "120000"), (INDEX, "120000"), (INDEX, "160000"),
    ("releases/docker/scs/1-36/v1/release.json", "120000"), ("delivery/flux/kustomization.yaml", "160000"),
    (SERIES, "160000"),
])
def test_a_link_or_a_submodule_where_a_file_was(
    repo: Any, release: Make, generation: Make, path: str, mode: str
) -> None:
    repo.publish([release()], [generation()])
    oid = repo.git("hash-object", "-w", "--stdin", stdin="elsewhere") if mode == "120000" else "1" * 40
    put(repo, mode, path, oid)
    assert refused(repo, release(version="v2", content="two"), generations=[generation()]) == [
        ("CS550" if path in (SERIES, INDEX) else "CS570", path)
    ]


def test_a_file_where_a_folder_must_be(repo: Any, release: Make) -> None:
    repo.publish([release()])
    repo.edit({"releases/openstack": "theirs\n"})
    assert refused(repo, release("openstack/scs/1-36")) == [("CS563", "releases/openstack")]


def test_the_series_of_another_stack(repo: Any, release: Make) -> None:
    repo.publish([release(), release("docker/scs/1-35")])
    repo.edit({SERIES: repo.show("releases/docker/scs/1-35/series.json")})
    assert refused(repo, release()) == [("CS550", SERIES)]


def test_paths_that_differ_in_case_from_those_of_others(repo: Any, release: Make, generation: Make) -> None:
    repo.publish([release()])
    repo.edit({"Delivery/x": "theirs\n", "releases/Openstack/y": "theirs\n"})
    assert refused(repo, release("openstack/scs/1-36"), generations=[generation()]) == [
        ("CS569", "delivery"), ("CS569", "releases/openstack"),
    ]


@pytest.mark.parametrize(("path", "rule"), [
    ("cluster-addon/x/aux.yaml", "CS568"), ("cluster-addon/" + "x/" * 120 + "y", "CS568"),
    ("Cluster-Class/class.yaml", "CS569"),
])
def test_a_release_with_such_a_path(repo: Any, release: Make, path: str, rule: str) -> None:
    made = release()
    made.files[path] = b""
    [(found, _)] = refused(repo, made)
    assert found == rule


NO_VERSIONS = (
    '{"schemaVersion": 1, "stack": {"id": "docker/scs/1-36", "provider": "docker", "name": "scs", "minor": "1-36"}}\n'
)


@pytest.mark.parametrize("text", [None, NO_VERSIONS])
def test_what_tells_of_releases_is_not_done_without(repo: Any, release: Make, text: str | None) -> None:
    """Or their numbers would be free again, and what was published under them another."""
    repo.publish([release()])
    repo.edit({SERIES: text})
    assert refused(repo, release(content="other")) == [("CS550", SERIES)]


def test_what_is_no_json(repo: Any, release: Make) -> None:
    repo.publish([release()])
    repo.edit({INDEX: "{\n"})
    assert refused(repo, release(version="v2")) == [("CS550", INDEX)]
