"""`detach`: a minor with its own copy of what it had from shared/."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.detach import detach
from cluster_stacks.repository.effective import load_stack
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import WorktreeSnapshot
from gitrepo_plugin import GitRepo, executable, link, stack

FAMILY = "providers/docker/scs"
MINOR, SHARED = f"{FAMILY}/1-36", f"{FAMILY}/shared"
WORKTREE = Question(base="main", worktree=True)


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """On a branch, with shared files of every kind: one removed by the overlay, one replaced by the minor."""
    git_repo.commit({
        **stack(), **stack("docker/scs/1-37"),
        f"{SHARED}/cluster-class/common.yaml": "a: 1\n",
        f"{SHARED}/cluster-class/class.yaml": "kind: Nothing\n",
        f"{SHARED}/cluster-class/link.yaml": link("../../shared/cluster-class/common.yaml"),
        f"{SHARED}/node-images/build.sh": executable("#!/bin/sh\n"),
        f"{SHARED}/cluster-addon/gone/values.yaml": "x: 1\n",
        f"{MINOR}/overlay.yaml": "# ours\nremove: [cluster-addon/gone/]\nvars: {a: 1}",
    })
    git_repo.checkout()
    git_repo.git("switch", "--quiet", "-c", "topic")
    return git_repo


def effective(repo: GitRepo) -> dict[str, tuple[str, bytes]]:
    source = load_stack(WorktreeSnapshot(Git.discover(repo.path)), StackId("docker", "scs", "1-36"))
    return {key: (file.mode, file.data) for key, file in source.files.items()}


def test_content_stays_and_no_version_moves(repo: GitRepo) -> None:
    before = effective(repo)
    result = detach(repo.path, "docker/scs/1-36")
    assert result.copied == ("cluster-class/common.yaml", "cluster-class/link.yaml", "node-images/build.sh")
    assert effective(repo) == before
    assert check(repo.path, WORKTREE).findings == ()
    assert (repo.path / MINOR / "node-images/build.sh").stat().st_mode & 0o111
    assert (repo.path / MINOR / "cluster-class/link.yaml").is_symlink()
    assert repo.read(f"{MINOR}/overlay.yaml") == "# ours\nremove: [cluster-addon/gone/]\nvars: {a: 1}\nshared: false\n"


def test_shared_edits_reach_it_no_longer(repo: GitRepo) -> None:
    detach(repo.path, MINOR)
    repo.write({f"{SHARED}/cluster-class/common.yaml": "a: 2\n", f"{SHARED}/cluster-class/new.yaml": "b: 1\n"})
    assert [each.stack for each in check(repo.path, WORKTREE).findings] == ["docker/scs/1-37"]
    repo.git("rm", "-rq", SHARED, "--force")
    assert "docker/scs/1-36" not in [each.stack for each in check(repo.path, WORKTREE).findings]


def test_twice_is_once(repo: GitRepo) -> None:
    detach(repo.path, MINOR)
    before = repo.git("status", "--porcelain", "-uall")
    assert detach(repo.path, MINOR).was_detached
    assert repo.git("status", "--porcelain", "-uall") == before


def test_without_an_overlay(repo: GitRepo) -> None:
    detach(repo.path, "docker/scs/1-37")
    assert repo.read(f"{FAMILY}/1-37/overlay.yaml") == "shared: false\n"
    assert check(repo.path, WORKTREE).findings == ()


def test_nothing_is_left_of_a_copy_that_would_not_be_the_same(repo: GitRepo) -> None:
    repo.write({".gitignore": "**/1-36/**/build.sh\n"})
    before = repo.git("status", "--porcelain", "-uall", "--ignored")
    with pytest.raises(Refused, match="would not be the same to Git"):
        detach(repo.path, MINOR)
    assert repo.git("status", "--porcelain", "-uall", "--ignored") == before


def test_no_file_is_overwritten(repo: GitRepo) -> None:
    repo.write({".gitignore": "**/1-36/**/build.sh\n", f"{MINOR}/node-images/build.sh": "mine\n"})
    with pytest.raises(Refused, match="a file that Git ignores"):
        detach(repo.path, MINOR)
    assert repo.read(f"{MINOR}/node-images/build.sh") == "mine\n"
    assert not (repo.path / MINOR / "cluster-class/common.yaml").exists()


@pytest.mark.parametrize("text", ["{vars: {a: 1}}\n", "vars: {}\nshared: true\n", "vars: {}\n...\n"])
def test_an_overlay_that_takes_no_line(repo: GitRepo, text: str) -> None:
    repo.write({f"{MINOR}/overlay.yaml": text})
    with pytest.raises(Refused, match="cannot be added"):
        detach(repo.path, MINOR)
    assert repo.read(f"{MINOR}/overlay.yaml") == text


def test_one_stack_only(repo: GitRepo) -> None:
    with pytest.raises(CannotTell, match="means 2 stacks"):
        detach(repo.path, "docker/scs")
    with pytest.raises(CannotTell, match="did you mean"):
        detach(repo.path, "docker/scs/1-38")


def test_on_the_command_line(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["detach", "docker/scs/1-36", "--repo", str(repo.path)]
    assert run([*where, "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "docker/scs/1-36: 3 files would be copied from shared/"
    assert repo.git("status", "--porcelain") == ""
    assert run([*where, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["copied"][0] == "cluster-class/common.yaml"
    assert run(where) == 0
    assert capsys.readouterr().out == "docker/scs/1-36 is detached already\n"


def test_what_is_published_stays_as_it_is(
    git_repo: GitRepo, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [root / FAMILY / name for name in ("shared", "1-36")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    git_repo.commit({path.relative_to(root).as_posix(): path.read_bytes() for path in files})
    git_repo.checkout()
    assert run(["publish", "--repo", str(git_repo.path)]) == 0
    assert detach(git_repo.path, "docker/scs/1-36").copied
    git_repo.git("add", "--all")
    git_repo.git("commit", "--quiet", "-m", "Detach")
    capsys.readouterr()
    assert run(["publish", "--repo", str(git_repo.path)]) == 0
    assert ": new" not in capsys.readouterr().out
