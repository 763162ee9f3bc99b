"""`rules`: every rule can be listed and explained."""

from __future__ import annotations

import json

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.documents.schema import violations
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.catalogue import rule_tables, rules_by_id, select_rules
from cluster_stacks.operations.list_rules import list_rules
from cluster_stacks.operations.rules import is_settable
from gitrepo_plugin import GitRepo, stack


def test_ids_are_given_once_and_say_something() -> None:
    rules = [rule for table in rule_tables().values() for rule in table]
    assert len({rule.id for rule in rules}) == len(rules) == len(rules_by_id())
    for rule in rules:
        assert rule.summary
        assert rule.explanation.endswith(".")


@pytest.mark.parametrize(
    ("patterns", "first", "last"),
    [((), "CS101", None), (("CS24",), "CS240", "CS243"), (("CS101-CS103",), "CS101", "CS103"),
     (("version-taken", "cs104"), "CS104", "CS105")],
)
def test_patterns(patterns: tuple[str, ...], first: str, last: str | None) -> None:
    found = [rule.id for rule in select_rules(patterns)]
    assert found[0] == first
    assert last is None or found[-1] == last
    assert found == sorted(found)


def test_a_pattern_that_means_none() -> None:
    with pytest.raises(CannotTell, match="did you mean version-step"):
        select_rules(("version-stp",))
    with pytest.raises(CannotTell, match="`cluster-stacks rules` lists them"):
        select_rules(("CS9",))


def test_severities_are_those_of_the_repository(git_repo: GitRepo) -> None:
    git_repo.commit({**stack(), ".cluster-stacks.yaml": "rules: {CS150: off, CS221: note}\n"})
    git_repo.checkout()
    found = {each.info.id: each.severity for each in list_rules(git_repo.path, ())}
    assert (found["CS150"], found["CS221"], found["CS101"]) == ("off", "error", "error")


def test_every_versioning_rule_is_explained_with_both_examples(git_repo: GitRepo) -> None:
    for each in list_rules(git_repo.path, ("CS101-CS107",)):
        assert "findings:" in each.examples.bad
        assert "findings:" in each.examples.good


def test_on_the_command_line(git_repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--repo", str(git_repo.path)]
    assert run(["rules", *where]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rules_by_id())
    assert run(["rules", "CS105", *where]) == 0
    told = capsys.readouterr().out
    assert told.startswith("CS105 version-taken\n")
    assert "rules: {CS105: warning}" in told
    assert run(["rules", "CS221", *where]) == 0
    assert "Settings change neither" in capsys.readouterr().out
    assert run(["rules", "CS105", "--format", "markdown", *where]) == 0
    assert "```yaml" in capsys.readouterr().out
    assert run(["rules", "--format", "json", *where]) == 0
    assert violations(json.loads(capsys.readouterr().out), "rules") == []
    assert run(["rules", "CS999", *where]) == 2


def test_what_is_read_cannot_be_switched_off() -> None:
    assert not any(is_settable(rule) for rule in ("CS202", "CS220", "CS231", "CS300", "CS413", "CS505", "CS565"))
