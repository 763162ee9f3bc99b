"""`bump`: the smallest edit, where it was asked for, and nothing else."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.operations import edits
from cluster_stacks.operations.bump import Way, bump
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import GitRepo, metadata, new_repository, stack

FAMILY = "providers/docker/scs"
CLASS, METADATA = f"{FAMILY}/1-36/cluster-class/class.yaml", f"{FAMILY}/1-36/metadata.yaml"
STYLED = (
    "# ours\r\nversions:\r\n  components: {nodeImage: 'v1', clusterAddon: v1}   # both\r\n"
    "  kubernetes: v1.36.1\r\n  clusterStack: \"v1\" # moves\r\napiVersion: metadata.clusterstack.x-k8s.io/v1alpha1"
)


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """On main, with two minors and a shared file."""
    git_repo.commit({**stack(), **stack("docker/scs/1-37"), f"{FAMILY}/shared/cluster-class/common.yaml": "a: 1\n"})
    return git_repo.checkout()


def version(text: str) -> str:
    return text.split("clusterStack: ")[1].split()[0]


def test_every_stack_that_a_shared_edit_reaches(repo: GitRepo) -> None:
    repo.write({f"{FAMILY}/shared/cluster-class/common.yaml": "a: 2\n"})
    found = bump(repo.path, [], Question()).bumps
    assert [str(item.stack) for item in found] == ["docker/scs/1-36", "docker/scs/1-37"]
    assert version(repo.read(METADATA)) == version(repo.read(f"{FAMILY}/1-37/metadata.yaml")) == "v2"
    assert repo.git("diff", "--cached", "--name-only") == ""
    assert bump(repo.path, [], Question()).bumps == ()


def test_only_the_stacks_that_are_named(repo: GitRepo) -> None:
    repo.write({f"{FAMILY}/shared/cluster-class/common.yaml": "a: 2\n"})
    bump(repo.path, ["providers/docker/scs/1-37"], Question())
    assert repo.git("diff", "--name-only", "--", "*/metadata.yaml") == f"{FAMILY}/1-37/metadata.yaml"
    with pytest.raises(CannotTell, match="did you mean docker/scs/1-3"):
        bump(repo.path, ["docker/scs/1-38"], Question())


def test_a_version_that_nobody_can_count_is_promoted(repo: GitRepo) -> None:
    repo.commit({METADATA: metadata("v3-sha.1f2e"), f"{FAMILY}/1-36/cluster-class/class.yaml": "a: 2\n"})
    repo.checkout().write({f"{FAMILY}/1-36/cluster-class/class.yaml": "a: 3\n"})
    (left,) = check(repo.path, Question(worktree=True)).findings
    assert left.fix
    assert left.fix.command == "cluster-stacks bump --promote docker/scs/1-36"
    bump(repo.path, [], Question(), way=Way(promote=True))
    assert version(repo.read(METADATA)) == "v3"


def test_an_interruption_comes_before_or_after_all_of_it(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = edits.replace

    def interrupted(path: Path, data: bytes) -> None:
        signal.raise_signal(signal.SIGINT)
        replace(path, data)

    monkeypatch.setattr(edits, "replace", interrupted)
    repo.write({f"{FAMILY}/shared/cluster-class/common.yaml": "a: 2\n"})
    with pytest.raises(KeyboardInterrupt):
        bump(repo.path, [], Question())
    assert version(repo.read(METADATA)) == version(repo.read(f"{FAMILY}/1-37/metadata.yaml")) == "v2"


def test_every_other_byte_stays(repo: GitRepo) -> None:
    repo.commit({METADATA: STYLED})
    repo.checkout().write({f"{FAMILY}/1-36/node-images/build.sh": "x"})
    (repo.path / METADATA).chmod(0o755)
    bump(repo.path, [], Question())
    assert (repo.path / METADATA).read_bytes().decode() == STYLED.replace("'v1'", "'v2'").replace('"v1"', '"v2"')
    assert (repo.path / METADATA).stat().st_mode & 0o777 == 0o755
    assert not list((repo.path / METADATA).parent.glob(".metadata-*"))


def test_line_ends_on_disk_that_git_converts(repo: GitRepo) -> None:
    repo.commit({".gitattributes": "*.yaml text eol=crlf\n"})
    (repo.path / METADATA).unlink()
    repo.checkout().write({CLASS: "a: 2\r\n"})
    before = (repo.path / METADATA).read_bytes()
    assert b"\r\n" in before
    bump(repo.path, [], Question())
    assert (repo.path / METADATA).read_bytes() == before.replace(b"clusterStack: v1", b"clusterStack: v2")


def test_staged_writes_the_index_and_the_file(repo: GitRepo) -> None:
    repo.stage({CLASS: "a: 2\n"})
    bump(repo.path, [], Question(staged=True))
    assert version(repo.git("show", f":{METADATA}")) == version(repo.read(METADATA)) == "v2"
    assert repo.git("status", "--porcelain").split() == ["M", CLASS, "M", METADATA]
    assert bump(repo.path, [], Question(staged=True)).bumps == ()


def test_staged_leaves_unstaged_work_alone(repo: GitRepo) -> None:
    mine = metadata() + "# in the middle of something\n"
    repo.stage({CLASS: "a: 2\n"}).write({METADATA: mine})
    bump(repo.path, [], Question(staged=True))
    assert version(repo.git("show", f":{METADATA}")) == "v2"
    assert repo.read(METADATA) == mine


def test_a_hook_writes_the_file_only(repo: GitRepo) -> None:
    repo.stage({CLASS: "a: 2\n"})
    bump(repo.path, [], Question(staged=True), keep_index=True)
    assert version(repo.git("show", f":{METADATA}")) == "v1"
    assert version(repo.read(METADATA)) == "v2"


def test_a_dry_run_shows_the_edit_and_writes_nothing(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.write({CLASS: "a: 2\n"})
    before = repo.git("status", "--porcelain")
    assert run(["bump", "--repo", str(repo.path), "--dry-run"]) == 0
    patch = capsys.readouterr().out
    assert "-  clusterStack: v1\n+  clusterStack: v2\n" in patch
    assert before == repo.git("status", "--porcelain")
    repo.git("apply", "-", stdin=patch.encode())
    assert version(repo.read(METADATA)) == "v2"


def test_a_commit_can_only_be_looked_at(repo: GitRepo) -> None:
    repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    question = Question(base="main", head="topic")
    assert len(bump(repo.path, [], question, dry_run=True).bumps) == 1
    with pytest.raises(CannotTell, match="a commit cannot be edited"):
        bump(repo.path, [], question)


def test_a_branch_whose_commits_forgot(repo: GitRepo) -> None:
    repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    repo.checkout("topic")
    assert run(["bump", "--repo", str(repo.path), "docker/scs/1-36"]) == 0
    assert version(repo.read(METADATA)) == "v2"


def test_a_new_stack_starts_at_v1(repo: GitRepo) -> None:
    repo.write(stack("docker/scs/1-38", "v7", "v3", "v2"))
    bump(repo.path, [], Question())
    assert repo.read(f"{FAMILY}/1-38/metadata.yaml") == metadata("v1", "v1.38.1")


def test_a_version_that_moved_without_a_reason_goes_back(repo: GitRepo) -> None:
    repo.write({METADATA: metadata("v2", cluster_addon="v2")})
    bump(repo.path, [], Question())
    assert repo.read(METADATA) == metadata()


def test_what_is_left_for_a_human(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({METADATA: metadata("v0-sha.abc")})
    repo.checkout().write({CLASS: "a: 2\n", f"{FAMILY}/1-37/metadata.yaml": "broken"})
    assert run(["bump", "--repo", str(repo.path)]) == 1
    error = capsys.readouterr().err
    assert "clusterStack must move on from v0-sha.abc: cluster-class changed" in error
    assert f"{FAMILY}/1-37/metadata.yaml:1:" in error


def test_an_edit_that_is_impossible_writes_nothing(repo: GitRepo) -> None:
    anchored = metadata().replace("clusterStack: v1", "clusterStack: &v v1").replace("nodeImage: v1", "nodeImage: *v")
    repo.commit({f"{FAMILY}/1-37/metadata.yaml": anchored.replace("1.36", "1.37")})
    repo.checkout().write({f"{FAMILY}/shared/cluster-class/common.yaml": "a: 2\n"})
    with pytest.raises(Refused):
        bump(repo.path, [], Question())
    assert version(repo.read(METADATA)) == "v1"


def test_a_bare_repository(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "bare", bare=True)
    repo.commit(stack())
    with pytest.raises(CannotTell, match="bare repository has no work tree"):
        bump(repo.path, [], Question())


def test_told_in_words_and_as_json(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.write({f"{FAMILY}/1-36/cluster-addon/cilium/values.yaml": "x: 1\n"})
    assert run(["bump", "--repo", str(repo.path), "--dry-run", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["stacks"] == [{
        "stack": "docker/scs/1-36", "path": METADATA,
        "versions": {"clusterStack": {"from": "v1", "to": "v2"}, "clusterAddon": {"from": "v1", "to": "v2"}},
    }]
    assert run(["bump", "--repo", str(repo.path)]) == 0
    assert capsys.readouterr().out == "docker/scs/1-36: clusterStack v1 to v2, clusterAddon v1 to v2\n"
    assert run(["bump", "--repo", str(repo.path)]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()[-1]) == ("", "nothing to bump")


def test_options_that_do_not_go_together(repo: GitRepo) -> None:
    assert run(["bump", "--repo", str(repo.path), "--keep-index"]) == 2


def test_from_a_channel_to_stable(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """v1 to v2-alpha.0, v2-alpha.1, and without another change to v2: each step passes, twice is once."""
    where = ["--repo", str(repo.path), "--base", "main"]
    for number in (0, 1):
        repo.git("switch", "--quiet", "-C", "topic", "main")
        repo.write({f"{FAMILY}/1-36/cluster-addon/cilium/values.yaml": f"x: {number}\n"})
        for _ in range(2):
            assert run(["bump", *where, "--channel", "alpha"]) == 0
        assert version(repo.read(METADATA)) == f"v2-alpha.{number}"
        repo.git("commit", "--quiet", "-am", "Pre-release")
        assert run(["check", *where]) == 0
        repo.git("branch", "--force", "main")
    assert run(["bump", *where, "--promote"]) == 0
    assert version(repo.read(METADATA)) == "v2-alpha.1"
    for _ in range(2):
        assert run(["bump", *where, "--promote", "docker/scs/1-36"]) == 0
    assert repo.read(METADATA) == metadata("v2", cluster_addon="v2")
    repo.git("commit", "--quiet", "-am", "Stable")
    capsys.readouterr()
    assert run(["check", *where, "--worktree"]) == 0, capsys.readouterr().out


def test_no_earlier_channel(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({METADATA: metadata("v2-beta.0")})
    repo.checkout().write({CLASS: "a: 2\n"})
    assert run(["bump", "--repo", str(repo.path), "--channel", "alpha"]) == 2
    assert "docker/scs/1-36: alpha comes before beta" in capsys.readouterr().err
    assert run(["bump", "--repo", str(repo.path), "--channel", "stable"]) == 2


def test_nothing_is_bumped_where_the_settings_cannot_be_read(repo: GitRepo) -> None:
    repo.write({CLASS: "a: 2\n", ".cluster-stacks.yaml": "bump: nobody\n"})
    with pytest.raises(Refused, match="bump"):
        bump(repo.path, [], Question())
    assert repo.git("status", "--porcelain", "--", METADATA) == ""
