"""Every rule by examples: a new case is a new file.

examples/<rule>/{good,bad}/<name>.yaml says what main has, what a branch changes, what main did since, and which
findings that gives, word for word. Paths are those below providers/docker/scs/, or begin with providers/; a
metadata.yaml is written as its four versions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from cluster_stacks.versioning.rules import RULES, history
from gitrepo_plugin import Content, GitRepo, Special, metadata

EXAMPLES = Path(__file__).parent / "examples"
FAMILY = "providers/docker/scs/"
QUESTION = Question(base="main", head="topic")
FILES = sorted(EXAMPLES.glob("*/*/*.yaml"))
BY_HAND = {"CS110", "CS111", "CS112"}
"""Rules of change that no number mends: Kubernetes, addons and origins are chosen."""
BAD = [path for path in FILES if path.parts[-2] == "bad"]


def content(path: str, value: Any) -> Content:
    if isinstance(value, dict):
        return Special(value["mode"], value["data"])
    if value is not None and path.endswith("/metadata.yaml") and "\n" not in value:
        return metadata(*value.split())
    return None if value is None else str(value)


def edits(example: dict[str, Any], key: str) -> dict[str, Content]:
    return {
        path if path.startswith("providers/") else FAMILY + path: content(path, value)
        for path, value in example.get(key, {}).items()
    }


def told(finding: Finding) -> str:
    path = finding.path.removeprefix(FAMILY)
    place = ":".join(str(part) for part in (path, finding.line, finding.column) if part)
    return f"{finding.rule} {place} {finding.message}"


@pytest.fixture
def example(git_repo: GitRepo, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The example, with its repository made."""
    read: dict[str, Any] = yaml.safe_load(request.param.read_text())
    settings = {".cluster-stacks.yaml": read["settings"]} if "settings" in read else {}
    git_repo.commit({**edits(read, "main"), **settings})
    git_repo.commit(edits(read, "change"), branch="topic", parent="main")
    if "since" in read:
        git_repo.commit(edits(read, "since"))
    return read


def name(path: Path) -> str:
    return path.relative_to(EXAMPLES).with_suffix("").as_posix()


@pytest.mark.parametrize("example", FILES, ids=name, indirect=True)
def test_the_findings_are_these(git_repo: GitRepo, example: dict[str, Any]) -> None:
    found = [told(finding) for finding in check(git_repo.path, QUESTION).findings]
    assert found == example["findings"]


@pytest.mark.parametrize("example", BAD, ids=name, indirect=True)
def test_a_bump_mends_the_versions(git_repo: GitRepo, example: dict[str, Any]) -> None:
    git_repo.checkout("topic")
    question = Question(base="main", worktree=True)
    bump(git_repo.path, [], Question(base="main"))
    left = [f for f in check(git_repo.path, question).findings if f.rule < "CS15" and f.severity is Severity.ERROR]
    assert [f for f in left if f.rule not in BY_HAND] == []
    assert bump(git_repo.path, [], Question(base="main")).bumps == ()


def test_every_rule_has_a_good_and_a_bad_example() -> None:
    names = {f"{rule.id}-{rule.name}" for rule in RULES if rule not in history.RULES}  # shown in test_history.py
    assert {folder.name for folder in EXAMPLES.iterdir()} == names
    for folder in names:
        good, bad = ([yaml.safe_load(file.read_text())["findings"] for file in (EXAMPLES / folder / kind).iterdir()]
                     for kind in ("good", "bad"))
        assert good
        assert bad
        assert all(not any(line.startswith(folder[:5]) for line in lines) for lines in good)
        assert all(any(line.startswith(folder[:5]) for line in lines) for lines in bad)


def test_rules_are_named_once() -> None:
    assert len({rule.id for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
