"""Severities and waivers through `check` and `validate`, in real repositories."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.operations.check import check
from cluster_stacks.operations.check_files import check_files
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.validate import validate_stacks
from gitrepo_plugin import Content, GitRepo, metadata, stack

CLASS = "providers/docker/scs/1-36/cluster-class/class.yaml"
TODAY = date(2026, 5, 31)
QUESTION = Question(base="main", head="topic")
SETTINGS = ".cluster-stacks.yaml"


def waiver(rule: str = "CS101", where: str = "docker/scs/1-36", expires: str = "2026-06-30") -> str:
    return f"waivers:\n- rule: {rule}\n  stack: {where}\n  reason: a test\n  expires: '{expires}'\n"


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """A branch whose change is not bumped."""
    git_repo.commit({**stack(), **stack("docker/scs/1-37")})
    changed = "kind: ClusterClass\nmetadata: {name: <% release_name %>}\na: 2\n"
    git_repo.commit({CLASS: changed}, branch="topic", parent="main")
    return git_repo


def rules(repo: GitRepo, question: Question = QUESTION, **options: bool) -> list[str]:
    found = check(repo.path, question, today=TODAY, **options)
    return [f"{each.rule} {each.severity}" for each in found.findings]


def test_a_waiver_on_the_branch_itself_counts(repo: GitRepo) -> None:
    assert rules(repo) == ["CS101 error"]
    repo.commit({SETTINGS: waiver()}, branch="topic")
    found = check(repo.path, QUESTION, today=TODAY)
    assert found.findings == ()
    assert [each.finding.rule for each in found.waived] == ["CS101"]


def test_after_its_day_the_finding_is_back(repo: GitRepo) -> None:
    repo.commit({SETTINGS: waiver(expires="2026-05-30")}, branch="topic")
    assert rules(repo) == ["CS240 error", "CS101 error"]
    assert check(repo.path, QUESTION, today=date(2026, 5, 30)).findings == ()


def test_an_unused_waiver_is_a_warning(repo: GitRepo) -> None:
    repo.commit({SETTINGS: waiver("CS151") + "rules: {CS101: note}\n"}, branch="topic")
    assert rules(repo) == ["CS241 warning", "CS101 note"]
    assert rules(repo, all_stacks=True) == ["CS241 warning", "CS101 note"]


def test_a_waiver_of_another_stack_is_not_told(repo: GitRepo) -> None:
    repo.commit({SETTINGS: waiver("CS151", "docker/scs/1-37")}, branch="main")
    repo.commit({SETTINGS: waiver("CS151", "docker/scs/1-37")}, branch="topic")
    assert rules(repo) == ["CS101 error"]


def test_the_settings_themselves_are_judged_where_they_changed(repo: GitRepo) -> None:
    repo.commit({SETTINGS: "rules: {CS998: off}\n" + waiver("CS101", "docker/scs/1-38")}, branch="topic")
    assert sorted(rules(repo)) == ["CS101 error", "CS242 error", "CS243 error"]
    assert [each.line for each in check(repo.path, QUESTION, today=TODAY).findings if each.rule == "CS242"] == [1]


def test_settings_alone_are_a_change_too(repo: GitRepo) -> None:
    repo.commit({SETTINGS: "bumps: merge\n"}, branch="other", parent="main")
    assert rules(repo, Question(base="main", head="other")) == ["CS231 error"]
    repo.checkout().stage({SETTINGS: "bumps: merge\n"})
    assert rules(repo, Question(staged=True)) == ["CS231 error"]


def test_wrong_settings_are_told_and_nothing_passes(repo: GitRepo) -> None:
    repo.commit({SETTINGS: "waivers: [{rule: CS101}]\n"}, branch="main")
    repo.commit({SETTINGS: "waivers: [{rule: CS101}]\n"}, branch="topic")
    assert {each.split()[0] for each in rules(repo)} == {"CS101", "CS231"}


def test_single_files(repo: GitRepo) -> None:
    repo.checkout().write({SETTINGS: "rules: {CS221: off}\n"})
    (found,) = check_files(repo.path, [Path(SETTINGS)])
    assert (found.rule, found.line, found.column) == ("CS242", 1, 9)


def test_told_in_words_and_as_json(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({SETTINGS: waiver(expires="9999-01-01")}, branch="topic")
    command = ["check", "--repo", str(repo.path), "--base", "main", "--head", "topic"]
    assert run(command) == 0
    assert capsys.readouterr().out == "nothing found in 1 stack, 1 waived\n"
    assert run([*command, "--format", "json"]) == 0
    (waived,) = json.loads(capsys.readouterr().out)["waived"]
    assert (waived["rule"], waived["reason"], waived["expires"]) == ("CS101", "a test", "9999-01-01")


def test_validation_too(git_repo: GitRepo) -> None:
    wrong = (
        "apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass\nmetadata: {name: <% release_name %>}\n"
        "spec: {unknown: 1, infrastructure: {}, controlPlane: {}}\n"
    )
    files = {CLASS: wrong, "providers/docker/scs/1-36/metadata.yaml": metadata()}
    git_repo.commit({**files, SETTINGS: waiver("CS402", expires="9999-01-01")})
    git_repo.checkout()
    found = validate_stacks(git_repo.path, [], Question(), engine="embedded")
    assert [each.finding.rule for each in found.waived] == ["CS402"]
    assert "CS402" not in [each.rule for each in found.findings]
    git_repo.write({SETTINGS: waiver("CS410", expires="9999-01-01") + "rules: {CS402: warning}\n"})
    found = validate_stacks(git_repo.path, [], Question(), engine="embedded")
    assert ("CS402", "warning") in [(each.rule, each.severity) for each in found.findings]
    assert "CS241" in [each.rule for each in found.findings]


def test_publishing_too(git_repo: GitRepo, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [root / "providers/docker/scs" / name for name in ("shared", "1-36")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    content: dict[str, Content] = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    git_repo.commit({**content, "providers/docker/scs/1-36/node-images/build.sh": "kubernetes=v1.36.99\n"})
    git_repo.checkout()
    command = ["publish", "--dry-run", "--repo", str(git_repo.path)]
    assert run(command) == 1
    assert "CS152" in capsys.readouterr().out
    git_repo.commit({SETTINGS: waiver("CS152", expires="9999-01-01")})
    assert run([*command, "--format", "json"]) == 0
    assert [each["rule"] for each in json.loads(capsys.readouterr().out)["waived"]] == ["CS152"]
    git_repo.commit({SETTINGS: waiver("CS152", expires="2020-01-01")})
    assert run(command) == 1
    assert "CS240" in capsys.readouterr().out
