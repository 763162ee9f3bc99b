"""`check`: what it judges, what it costs, and what it says where it cannot tell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import Files, GitRepo, link, metadata, new_repository, stack, submodule

STACK = "providers/docker/scs/1-36"
CLASS = f"{STACK}/cluster-class/class.yaml"
METADATA = f"{STACK}/metadata.yaml"
HEAVY = {"git", "jsonschema", "jinja2", "rich"}

Modules = Callable[..., tuple[set[str], int]]


@pytest.fixture
def cost(tmp_path: Path) -> Modules:
    """Runs the command and tells which modules it loaded and how many times it started git."""

    def measured(repo: GitRepo, *args: str, code: int = 0) -> tuple[set[str], int]:
        script = (
            "import sys; from cluster_stacks.cli.main import run; "
            f"code = run({list(args)!r}); print(*sys.modules, file=sys.stderr); sys.exit(code)"
        )
        trace = tmp_path / "trace"
        trace.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=repo.path, capture_output=True, text=True, check=False,
            env={**os.environ, "GIT_TRACE2_EVENT": str(trace)},
        )
        assert done.returncode == code, done.stderr
        started = trace.read_text().count('"event":"start"') if trace.exists() else 0
        return set(done.stderr.splitlines()[-1].split()), started

    return measured


def rules(repo: GitRepo, question: Question) -> list[str]:
    return [finding.rule for finding in check(repo.path, question).findings]


def changed(repo: GitRepo, files: Files, base: Files | None = None) -> list[str]:
    """The rules that a change on a branch breaks."""
    repo.commit({**stack(), **(base or {})})
    repo.commit(files, branch="topic", parent="main")
    return rules(repo, Question(base="main", head="topic"))


def test_with_nothing_staged_one_question_to_git_is_all(git_repo: GitRepo, cost: Modules) -> None:
    git_repo.commit(stack())
    git_repo.checkout().stage({"README.md": "about", "src/x": "y"})
    modules, started = cost(git_repo, "check", "--staged")
    assert started == 1
    assert not (HEAVY | {"yaml", "ruamel.yaml", "json"}) & modules
    assert not {name for name in modules if name.startswith("cluster_stacks.") and "versioning" in name}


def test_a_good_change_loads_no_validator_and_asks_git_twice(git_repo: GitRepo, cost: Modules) -> None:
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="topic", parent="main")
    modules, started = cost(git_repo, "check", "--base", "main", "--head", "topic")
    assert started == 2
    assert not (HEAVY | {"ruamel.yaml"}) & modules


def test_a_change_with_findings_loads_no_validator_either(git_repo: GitRepo, cost: Modules) -> None:
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    assert not HEAVY & cost(git_repo, "check", "--base", "main", "--head", "topic", code=1)[0]


def test_the_three_kinds_of_proposed_state(git_repo: GitRepo) -> None:
    git_repo.commit(stack())
    git_repo.checkout().git("checkout", "--quiet", "-b", "topic")
    git_repo.stage({CLASS: "a: 2\n"}).write({METADATA: metadata("v2")})
    assert rules(git_repo, Question()) == []
    assert rules(git_repo, Question(staged=True)) == ["CS101"]
    assert rules(git_repo, Question(worktree=True)) == []
    git_repo.git("commit", "--quiet", "-m", "forgot to add")
    assert rules(git_repo, Question()) == ["CS101"]


def test_a_branch_is_bumped_once(git_repo: GitRepo) -> None:
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="topic", parent="main")
    git_repo.checkout("topic").stage({CLASS: "a: 3\n"})
    assert rules(git_repo, Question(staged=True)) == []
    assert rules(git_repo, Question(staged=True, base="HEAD")) == ["CS101"]


def test_merging_the_target_is_no_change_of_ours(git_repo: GitRepo) -> None:
    git_repo.commit({**stack(), **stack("docker/scs/1-37")})
    git_repo.commit({CLASS: "a: mine\n", METADATA: metadata("v2")}, branch="topic", parent="main")
    theirs = CLASS.replace("1-36", "1-37")
    git_repo.commit({theirs: "a: theirs\n", METADATA.replace("1-36", "1-37"): metadata("v2", "v1.37.1")})
    git_repo.checkout("topic").git("merge", "--quiet", "--no-commit", "--no-ff", "main")
    assert rules(git_repo, Question(staged=True)) == []


def test_everything_is_new_on_an_unborn_branch(git_repo: GitRepo) -> None:
    git_repo.stage(stack("docker/scs/1-36", "v3"))
    assert rules(git_repo, Question(staged=True)) == ["CS107"]
    git_repo.stage(stack())
    assert rules(git_repo, Question(staged=True)) == rules(git_repo, Question(worktree=True)) == []
    with pytest.raises(CannotTell):
        check(git_repo.path, Question())


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({METADATA: None}, ["CS220"]),
        ({METADATA: ""}, ["CS206"]),
        ({METADATA: "- a\n"}, ["CS221"]),
        ({METADATA: metadata("3")}, ["CS221"]),
        ({METADATA: metadata("v2", "1.30")}, ["CS221"]),
        ({METADATA: metadata("v2", "v1.35.1")}, ["CS222"]),
        ({METADATA: "a: " + "[" * 30_000}, ["CS204"]),
        ({METADATA: metadata() + "\tx: 1\n"}, ["CS202"]),
        ({METADATA: metadata().replace("\n", "\r\n")}, ["CS200"]),
        ({METADATA: "\ufeff" + metadata()}, ["CS200"]),
        ({METADATA: metadata().encode() + b"# \xff\n"}, ["CS201"]),
        ({METADATA: link("../1-37/metadata.yaml")}, ["CS221"]),
        ({f"{STACK}/overlay.yaml": "vars: 1\n"}, ["CS224"]),
        ({f"{STACK}/overlay.yaml": "remove: [cluster-class/typo.yaml]\n"}, ["CS232"]),
        ({f"{STACK}/cluster-class/sub": submodule(), METADATA: metadata("v2")}, ["CS228"]),
        ({f"{STACK}/cluster-class/l.yaml": link("/etc/passwd"), METADATA: metadata("v2")}, ["CS227"]),
        ({f"{STACK}/cluster-class/l.yaml": link("class.yaml"), METADATA: metadata("v2")}, []),
        ({f"{STACK}/cluster-class/new\nline.yaml": "", METADATA: metadata("v2")}, ["CS229"]),
        ({os.fsdecode(STACK.encode() + b"/cluster-class/\xff.yaml"): "", METADATA: metadata("v2")}, ["CS229"]),
        ({f"{STACK}/cluster-class/with 'spaces' and ö.yaml": "", METADATA: metadata("v2")}, []),
        ({"providers/docker/scs/1.37/metadata.yaml": metadata()}, ["CS225"]),
        ({"providers/docker/scs/1-37": link("1-36")}, ["CS227"]),
        ({"providers/docker/ferrol": submodule()}, ["CS228"]),
        ({"providers/Docker/scs/1-36/metadata.yaml": metadata()}, ["CS226"]),
    ],
)
def test_bad_input_is_one_finding(git_repo: GitRepo, files: Files, found: list[str]) -> None:
    assert changed(git_repo, files) == found


def test_what_was_wrong_before_and_is_not_touched_does_not_stop_others(git_repo: GitRepo) -> None:
    base = {"providers/docker/scs/1-37/metadata.yaml": "broken", "providers/docker/scs/docs/x": "1"}
    assert changed(git_repo, {CLASS: "a: 2\n", METADATA: metadata("v2")}, base) == []
    assert {f.rule for f in check(git_repo.path, Question(base="main", head="topic"), all_stacks=True).findings} == {
        "CS221", "CS225"
    }


def test_all_stacks_are_judged_even_where_nothing_changed(git_repo: GitRepo) -> None:
    git_repo.commit({**stack(), CLASS: "name: docker-scs-1-36-v7\n"})
    git_repo.git("branch", "topic")
    assert rules(git_repo, Question(base="main", head="topic")) == []
    result = check(git_repo.path, Question(base="main", head="topic"), all_stacks=True)
    assert ([finding.rule for finding in result.findings], result.judged) == (["CS151"], 1)


def test_another_target(git_repo: GitRepo) -> None:
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: release\n", METADATA: metadata("v7")}, branch="release", parent="main")
    git_repo.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="topic", parent="main")
    (finding,) = check(git_repo.path, Question(base="main", head="topic", target="release")).findings
    assert finding.message == "clusterStack must be v8, not v2: it follows v7 on release"
    assert finding.fix is not None
    assert finding.fix.command == "cluster-stacks bump docker/scs/1-36 --base main --target release"
    with pytest.raises(CannotTell, match="unknown revision nowhere"):
        check(git_repo.path, Question(base="main", head="topic", target="nowhere"))


def test_pre_commits_refs_are_what_is_judged(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    git_repo.checkout("main")
    assert rules(git_repo, Question(staged=True)) == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "topic")
    assert rules(git_repo, Question(staged=True)) == ["CS101"]


def test_before_a_push_the_branch_that_it_will_go_into_is_the_base(
    git_repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_repo.commit(stack())
    clone = GitRepo(tmp_path / "clone")
    git_repo.git("clone", "--quiet", str(git_repo.path), str(clone.path))
    pushed = clone.commit({CLASS: "a: 2\n", METADATA: metadata("v2")}, branch="topic", parent="main")
    again = clone.commit({CLASS: "a: 3\n"}, branch="topic")
    clone.checkout("topic")
    for name, value in (("FROM_REF", pushed), ("TO_REF", again), ("REMOTE_BRANCH", "refs/heads/topic")):
        monkeypatch.setenv(f"PRE_COMMIT_{name}", value)
    assert rules(clone, Question(staged=True)) == []


def test_a_partial_commit_is_judged_by_its_own_index(git_repo: GitRepo) -> None:
    git_repo.commit(stack())
    git_repo.checkout().stage({CLASS: "a: 2\n", METADATA: metadata("v2"), "README.md": "about"})
    hook = git_repo.path / "hook" / "pre-commit"
    git_repo.write({"hook/pre-commit": f"#!/bin/sh\nexec {sys.executable} -m cluster_stacks check --staged\n"})
    hook.chmod(0o755)
    git_repo.git("config", "core.hooksPath", str(hook.parent))
    git_repo.git("commit", "--quiet", "-m", "only the class", CLASS, ok=1)
    git_repo.git("commit", "--quiet", "-m", "about", "README.md")
    git_repo.git("commit", "--quiet", "-m", "both", CLASS, METADATA)


def test_the_state_needs_no_base(git_repo: GitRepo) -> None:
    """In a repository of one branch, nothing says what a commit is to be compared with."""
    git_repo.commit({**stack(), f"{STACK}/metadata.yaml": metadata("v1", cluster_addon="v2")})
    with pytest.raises(CannotTell, match=r"--base HEAD\^"):
        check(git_repo.path, Question())
    result = check(git_repo.path, Question(), all_stacks=True)
    assert [finding.rule for finding in result.findings] == ["CS150"]
    assert result.since
    assert "only the state is judged" in str(result.since.base)


@pytest.mark.parametrize("form", ["bare", "detached", "linked", "shallow", "submodule"])
def test_unusual_repositories(git_repo: GitRepo, tmp_path: Path, form: str) -> None:
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    other = GitRepo(tmp_path / form)
    if form == "bare":
        git_repo.git("clone", "--quiet", "--bare", str(git_repo.path), str(other.path))
        assert rules(other, Question(head="topic")) == ["CS101"]
        with pytest.raises(CannotTell, match="bare repository has no index"):
            check(other.path, Question(staged=True))
        with pytest.raises(CannotTell, match="bare"):
            check(other.path, Question(worktree=True))
    elif form == "detached":
        git_repo.checkout("topic~0")
        assert rules(git_repo, Question()) == ["CS101"]
    elif form == "linked":
        git_repo.git("worktree", "add", "--quiet", str(other.path), "topic")
        assert rules(other, Question()) == rules(other, Question(worktree=True)) == ["CS101"]
    elif form == "shallow":
        git_repo.git("clone", "--quiet", "--depth=1", "--branch=topic", f"file://{git_repo.path}", str(other.path))
        other.git("fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
        git_repo.commit({"x": "1"})
        with pytest.raises(CannotTell, match="run `git fetch --unshallow`"):
            check(other.path, Question(base="origin/main"))
        other.git("fetch", "--quiet", "--unshallow")
        assert rules(other, Question(base="origin/main")) == ["CS101"]
    else:
        outer = new_repository(other.path)
        outer.git("submodule", "--quiet", "add", "-b", "topic", str(git_repo.path), "stacks")
        inner = GitRepo(outer.path / "stacks").checkout("topic")
        assert rules(inner, Question()) == ["CS101"]
        outer.git("add", "stacks")
        assert rules(outer, Question(staged=True)) == []


def test_the_exit_code_does_not_depend_on_the_format(git_repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    changed(git_repo, {CLASS: "a: 2\n"})
    for form in ("text", "json", "github"):
        assert run(["check", "--repo", str(git_repo.path), "--base", "main", "--head", "topic", "--format", form]) == 1
        assert "clusterStack must be v2: cluster-class changed (class.yaml)" in capsys.readouterr().out
        assert run(["check", "--repo", str(git_repo.path), "--base", "main", "--head", "main", "--format", form]) == 0
        assert run(["check", "--repo", str(git_repo.path), "--base", "nowhere", "--format", form]) == 2


def test_json_follows_its_schema(git_repo: GitRepo, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(git_repo, {CLASS: "a: 2\n", os.fsdecode(STACK.encode() + b"/node-images/\xff"): ""})
    assert run(["check", "--repo", str(git_repo.path), "--base", "main", "--head", "topic", "--format", "json"]) == 1
    result = json.loads(capsys.readouterr().out)
    jsonschema.validate(result, json.loads((root / "schemas/check.schema.json").read_text()))
    assert [each["rule"] for each in result["findings"]] == ["CS101", "CS103", "CS229"]
    assert result["summary"] == {"errors": 3, "warnings": 0, "notes": 0, "stacks": 1}


def test_only_the_form_of_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repo = GitRepo(tmp_path).write({METADATA: metadata("3"), f"{STACK}/overlay.yaml": "x: 1\n", CLASS: "x",
                                    ".cluster-stacks.yaml": "branches: x\n"})
    names = [METADATA, f"./{STACK}/overlay.yaml", CLASS, ".cluster-stacks.yaml"]
    assert run(["check", "--repo", str(repo.path), "--files", *names]) == 1
    out = capsys.readouterr().out
    assert all(rule in out for rule in ("CS221", "CS224", "CS231", "3 errors in 4 files"))
    assert run(["check", "--repo", str(repo.path), "--files", CLASS]) == 0
    assert run(["check", "--repo", str(repo.path), "--files", "nothing"]) == 2
    assert run(["check", "--repo", str(repo.path), CLASS]) == 2
