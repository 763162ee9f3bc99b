"""`.cluster-stacks.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import SETTINGS_PATH, GeneratorSettings, Settings
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_policy, load_settings, parse_settings
from cluster_stacks.repository.snapshot import CommitSnapshot, IndexSnapshot
from gitrepo_plugin import GitRepo, link

FULL = b"""\
branch: environments/production
repositoryURL: https://git.example.org/stacks.git
generators:
  - name: flux
    parameters: {interval: 5m}
  - name: argocd
engine: embedded
tools:
  helm: v4.3.1
schemas: [schemas/crds]
"""


def test_every_setting() -> None:
    assert parse_settings(FULL) == Settings(
        "environments/production", "https://git.example.org/stacks.git",
        (GeneratorSettings("flux", {"interval": "5m"}), GeneratorSettings("argocd")), "embedded",
        {"helm": "v4.3.1"}, ("schemas/crds",),
    )


def test_defaults(git_repo: GitRepo) -> None:
    git_repo.commit({"a": "1"})
    assert load_settings(CommitSnapshot(Git.discover(git_repo.path))) == Settings() == parse_settings(b"{}")


def test_they_are_those_of_the_snapshot(git_repo: GitRepo) -> None:
    git_repo.commit({SETTINGS_PATH: "branch: one\n"})
    git_repo.checkout().stage({SETTINGS_PATH: "branch: two\n"}).write({SETTINGS_PATH: "branch: three\n"})
    git = Git.discover(git_repo.path)
    assert load_settings(CommitSnapshot(git)).branch == "one"
    assert load_settings(IndexSnapshot(git)).branch == "two"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (b"branches: x\n", 1, "branch"),
        (b"branch: [x]\n", 1, "branch"),
        (b"a: 1\nb: 2\n", 1, ""),
        (b"branch: --force\n", 1, ""),
        (b"branch: a..b\n", 1, ""),
        (b"engine: fast\n", 1, "embedded"),
        (b"generators: [flux]\n", 1, ""),
        (b"generators:\n  - parameters: {}\n", 2, "name"),
        (b"tools: {helm: latest}\n", 1, ""),
        (b"tools: {heml: v4.3.1}\n", 1, "helm"),
        (b"schemas: [../elsewhere]\n", 1, ""),
        (b"schemas: [/etc]\n", 1, ""),
        (b"repositoryURL: git.example.org\n", 1, ""),
        (b"- x\n", 1, ""),
    ],
)
def test_wrong_settings(text: bytes, line: int, message: str) -> None:
    with pytest.raises(Refused) as error:
        parse_settings(text)
    assert {(finding.rule, finding.path) for finding in error.value.findings} == {("CS231", SETTINGS_PATH)}
    assert error.value.findings[0].line == line
    assert message in error.value.findings[0].message


@pytest.mark.parametrize("target", ["/etc/passwd", "settings.yaml"])
def test_settings_that_are_a_link(git_repo: GitRepo, target: str) -> None:
    git_repo.commit({SETTINGS_PATH: link(target)})
    with pytest.raises(Refused, match="the settings are a symbolic link"):
        load_settings(CommitSnapshot(Git.discover(git_repo.path)))


@pytest.mark.parametrize(
    "text",
    [
        "branch: x\n", "bump: merge\n", "rules: {CS150: off, CS109: 'off', CS151: note}\n", '"bu\\x6dp": merge\n',
        "waivers:\n- {rule: CS101, stack: a/b, reason: x, expires: 2027-03-31}\n", "rules: {}\nwaivers: []\n",
        "bump: nobody\n", "rules: [CS150]\n", "waivers: {}\n", "waivers:\n- {rule: CS101}\n", "bump\n",
        "waivers:\n- {rule: CS101, stack: a/b, reason: x, expires: 2027-02-30}\n",
    ],
)
def test_the_short_way_says_the_same(git_repo: GitRepo, text: str) -> None:
    git_repo.commit({".cluster-stacks.yaml": text})
    snapshot = CommitSnapshot(Git.discover(git_repo.path), "main")
    assert outcome(load_policy, snapshot) == outcome(load_settings, snapshot)


def outcome(load: Callable[[CommitSnapshot], Settings], snapshot: CommitSnapshot) -> object:
    try:
        found = load(snapshot)
    except Refused as refused:
        return refused.findings
    return found.bump, found.rules, found.waivers


def test_the_documented_settings_are_settings(root: Path) -> None:
    blocks = (root / "docs/settings.md").read_text().split("```yaml\n")[1:4]
    for block in blocks:
        parse_settings(block.partition("```")[0].encode())
