"""Policies of a repository are asked when its stacks are validated."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import PolicySettings, Settings
from cluster_stacks.operations.policies import policies_in
from cluster_stacks.operations.validate_folder import validate_folder
from cluster_stacks.repository.settings import parse_settings
from gitrepo_plugin import GitRepo

POLICY = """\
apiVersion: cluster-stacks.io/v1alpha1
name: prefix
match: {kinds: [ConfigMap]}
rules:
  - expression: object.metadata.name.startsWith('scs-')
    messageExpression: "object.metadata.name + ' lacks the prefix scs-'"
    fieldPath: .metadata.name
"""
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n"


@pytest.fixture
def repo(git_repo: GitRepo) -> Path:
    git_repo.write({"policies/prefix.yaml": POLICY, "out/a.yaml": OBJECT})
    return git_repo.path


def test_a_folder_is_held_to_the_policies_of_its_repository(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    found = validate_folder(repo, Path("out"), engine="embedded").findings
    assert [(each.rule, each.path, each.line, each.message) for each in found] == [
        ("CS450", "out/a.yaml", 4, "settings lacks the prefix scs- (policy prefix)")
    ]


def test_settings_name_folders_and_what_does_not_hold(repo: Path) -> None:
    settings = parse_settings(b"policies: {folders: [rules/objects], disabled: [pinned-images]}\n")
    assert settings.policies == PolicySettings(("rules/objects",), ("pinned-images",))
    assert Settings().policies.folders == ("policies",)
    names = {policy.name for policy in policies_in(repo, Settings())}
    assert {"prefix", "pinned-images"} <= names
    assert not {"prefix", "pinned-images"} & {policy.name for policy in policies_in(repo, settings)}


def test_a_policy_that_does_not_compile_is_refused(repo: Path) -> None:
    wrong = POLICY.replace("prefix", "other").replace("object.metadata.name.s", "x.s")
    (repo / "policies/other.yaml").write_text(wrong)
    with pytest.raises(Refused) as refused:
        policies_in(repo, Settings())
    places = [(each.rule, each.path, each.line) for each in refused.value.findings]
    assert places == [("CS451", "policies/other.yaml", 5)]
