"""`bump: merge`: pull requests leave versions alone, and the job after the merge moves them, in real repositories."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import Severity
from cluster_stacks.operations.bump import Way, bump
from cluster_stacks.operations.bump_merged import bump_merged
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import Content, GitRepo, metadata, stack

FAMILY = "providers/docker/scs"
METADATA = f"{FAMILY}/1-36/metadata.yaml"
SETTINGS = {".cluster-stacks.yaml": "bump: merge\n"}
PULLS = {
    "class": {f"{FAMILY}/1-36/cluster-class/extra.yaml": "a: 1\n"},
    "addon": {f"{FAMILY}/1-36/cluster-addon/cilium/values.yaml": "cilium: {a: 1}\n"},
    "both": {f"{FAMILY}/1-37/cluster-class/extra.yaml": "a: 1\n", f"{FAMILY}/1-36/node-images/build.sh": "x\n"},
}

ORDERS = list(itertools.permutations(PULLS))


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """On main, with two minors, and a branch for each of PULLS."""
    git_repo.commit({**stack(), **stack("docker/scs/1-37"), **SETTINGS})
    for name, files in PULLS.items():
        git_repo.commit(files, branch=name, parent="main")
    return git_repo.checkout()


def merge(repo: GitRepo, name: str) -> None:
    repo.git("merge", "--quiet", "--no-ff", "-m", f"Merge {name}", name)


def versions(repo: GitRepo, minor: str = "1-36") -> list[str]:
    lines = repo.git("show", f"HEAD:{FAMILY}/{minor}/metadata.yaml").splitlines()
    return [line.split(": ")[1] for line in lines if line.strip().startswith(("clusterS", "clusterA", "nodeI"))]


def errors(repo: GitRepo, base: str, head: str = "HEAD") -> list[str]:
    found = check(repo.path, Question(base=base, head=head)).findings
    return [each.message for each in found if each.severity is Severity.ERROR]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_bump_after_each_merge(repo: GitRepo, order: tuple[str, ...]) -> None:
    for name in order:
        assert errors(repo, "main", name) == []
        merge(repo, name)
        before = repo.git("rev-parse", "HEAD")
        assert bump_merged(repo.path, commit=True).commit == repo.git("rev-parse", "HEAD")
        assert errors(repo, before) == []
        assert bump_merged(repo.path, commit=True).bumps == ()
        assert repo.git("status", "--porcelain") == ""
    assert (versions(repo), versions(repo, "1-37")) == (["v4", "v2", "v2"], ["v2", "v1", "v1"])


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_one_bump_for_all(repo: GitRepo, order: tuple[str, ...]) -> None:
    for name in order:
        merge(repo, name)
    bump_merged(repo.path, commit=True)
    assert (versions(repo), versions(repo, "1-37")) == (["v2", "v2", "v2"], ["v2", "v1", "v1"])
    assert repo.git("log", "-1", "--format=%B") == (
        "Bump 2 stacks\n\n"
        "- docker/scs/1-36: clusterStack v1 to v2, clusterAddon v1 to v2, nodeImage v1 to v2\n"
        "- docker/scs/1-37: clusterStack v1 to v2"
    )
    assert repo.git("diff", "--name-only", "HEAD~1").split() == [METADATA, f"{FAMILY}/1-37/metadata.yaml"]


def test_a_branch_that_is_behind_bumps_nothing_again(repo: GitRepo) -> None:
    merge(repo, "class")
    bump_merged(repo.path, commit=True)
    assert errors(repo, "main", "addon") == []
    (note,) = check(repo.path, Question(base="main", head="addon")).findings
    assert (note.rule, note.severity) == ("CS131", "note")
    assert note.message.startswith("the merge makes clusterStack v3 and clusterAddon v2: ")


def test_versions_of_a_branch_are_refused_and_set_back(repo: GitRepo) -> None:
    repo.commit({METADATA: metadata("v2")}, branch="class")
    assert errors(repo, "main", "class") == ["leave versions to the merge: clusterStack must stay v1, not v2"]
    repo.checkout("class")
    bump(repo.path, [], Question(base="main"))
    repo.git("commit", "--quiet", "-am", "Set back")
    assert errors(repo, "main") == []
    assert bump(repo.path, [], Question(base="main")).bumps == ()


def test_a_bump_alone_passes_where_it_is_the_one_that_is_due(repo: GitRepo) -> None:
    merge(repo, "addon")
    repo.commit({METADATA: metadata("v2", cluster_addon="v2")}, branch="job", parent="main")
    assert errors(repo, "main", "job") == []
    repo.commit({METADATA: metadata("v2")}, branch="half", parent="main")
    assert errors(repo, "main", "half") == ["leave versions to the merge: clusterStack must stay v1, not v2"]


def test_a_shared_edit_reaches_every_minor(repo: GitRepo) -> None:
    repo.write({f"{FAMILY}/shared/cluster-class/common.yaml": "a: 1\n"})
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "-m", "Shared")
    assert [str(item.stack) for item in bump_merged(repo.path).bumps] == ["docker/scs/1-36", "docker/scs/1-37"]


def test_a_broken_and_mended_file_does_not_hide_content(repo: GitRepo) -> None:
    merge(repo, "class")
    repo.commit({METADATA: "versions: [\n"})
    repo.commit({METADATA: metadata()})
    repo.checkout()
    (item,) = bump_merged(repo.path).bumps
    assert [str(new) for _, new in item.versions.values()] == ["v2"]


def test_edits_of_others_are_left_alone(repo: GitRepo) -> None:
    merge(repo, "class")
    repo.stage({"README.md": "mine\n"})
    bump_merged(repo.path, commit=True)
    assert repo.git("status", "--porcelain").split() == ["A", "README.md"]
    merge_again = {f"{FAMILY}/1-36/cluster-class/more.yaml": "a: 1\n"}
    repo.git("commit", "--quiet", "-m", "Mine")
    repo.commit(merge_again)
    repo.checkout().write({METADATA: metadata("v2") + "# mine\n"})
    with pytest.raises(CannotTell, match="has edits of its own"):
        bump_merged(repo.path)


def test_a_commit_that_fails_takes_its_edits_back(repo: GitRepo) -> None:
    merge(repo, "class")
    hook = repo.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CannotTell, match="git commit"):
        bump_merged(repo.path, commit=True)
    assert repo.git("status", "--porcelain") == ""


def test_refused_where_authors_bump(repo: GitRepo) -> None:
    repo.commit({".cluster-stacks.yaml": None})
    repo.checkout()
    with pytest.raises(CannotTell, match="set `bump: merge` first"):
        bump_merged(repo.path)


def test_a_shallow_clone_cannot_tell(repo: GitRepo, tmp_path: Path) -> None:
    merge(repo, "class")
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    with pytest.raises(CannotTell, match="fetch --unshallow"):
        bump_merged(tmp_path / "shallow")


def test_promotion_is_for_people(repo: GitRepo) -> None:
    repo.commit({METADATA: metadata("v2-alpha.0")})
    repo.checkout()
    repo.git("switch", "--quiet", "-c", "stable")
    bump(repo.path, ["docker/scs/1-36"], Question(base="main"), way=Way(promote=True))
    repo.git("commit", "--quiet", "-am", "Stable")
    assert versions(repo) == ["v2", "v1", "v1"]
    assert errors(repo, "main") == []


def test_on_the_command_line(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    merge(repo, "class")
    where = ["--repo", str(repo.path)]
    assert run(["bump", "--merge", "--dry-run", *where]) == 0
    assert "+  clusterStack: v2" in capsys.readouterr().out
    assert run(["bump", "--merge", "--commit", *where]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "docker/scs/1-36: clusterStack v1 to v2"
    assert run(["bump", "--merge", "--commit", *where]) == 0
    assert capsys.readouterr() == ("", "nothing to bump\n")
    assert run(["bump", "--merge", "--channel", "alpha", *where]) == 2
    assert run(["bump", "--commit", *where]) == 2


def test_what_was_merged_can_be_published_after_the_bump(git_repo: GitRepo, root: Path) -> None:
    """The reference stack: refused while its content is in no version, published after one bump for two merges."""
    folders = [root / FAMILY / name for name in ("shared", "1-36")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    content: dict[str, Content] = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    git_repo.commit({**content, **SETTINGS})
    git_repo.checkout()
    command = ["publish", "--repo", str(git_repo.path)]
    assert run(command) == 0
    values = git_repo.read(f"{FAMILY}/shared/cluster-addon/metrics-server/values.yaml")
    git_repo.commit({f"{FAMILY}/shared/cluster-addon/metrics-server/values.yaml": f"{values}# one more line\n"})
    git_repo.commit({f"{FAMILY}/shared/cluster-class/README.md": "no content\n"})
    git_repo.checkout()
    assert run([*command, "--dry-run"]) == 1
    before = git_repo.git("rev-parse", "HEAD")
    assert len(bump_merged(git_repo.path, commit=True).bumps) == 1
    assert errors(git_repo, before) == []
    assert run(command) == 0
