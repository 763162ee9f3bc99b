"""Objects that Flux fills in are judged as what they may become."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.operations.placeholders import filled, is_filled_later
from cluster_stacks.operations.validate_folder import validate_folder
from gitrepo_plugin import GitRepo
from reference_stacks import repository_of

SETTINGS = """\
repositoryURL: https://example.org/stacks
generators:
  - name: flux
  - name: argocd
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"


@pytest.mark.parametrize(("value", "expected"), [
    ("${cluster_name}-cilium", "cluster-name-cilium"),
    ('${quote:="}${cluster_name}${quote:="}', "cluster-name"),
    ("${a:=1}", 1),
    ("${a:-true}", True),
    ("$$ $${b} ${C_:=x}", "$ ${b} x"),
    ("${__}", "x"),
    ("$a ${", "$a ${"),
    ({"${a}": ["${b:=}"]}, {"a": [None]}),
])
def test_references_are_replaced_in_the_text(value: Any, expected: Any) -> None:
    assert filled({"v": value}) == {"v": expected}


def test_what_cannot_be_read_afterwards_stays() -> None:
    value = {"a": "${b:=[}"}
    assert filled(value) is value


@pytest.mark.parametrize(("pointer", "later"), [
    (("a",), True), (("b",), False), (("c", 0), True), (("c", 1), False), (("d", "x"), False), ((), False),
])
def test_what_only_flux_knows(pointer: tuple[str | int, ...], later: bool) -> None:
    assert is_filled_later({"a": "x${a}", "b": "${b:=1}", "c": ["${c}"], "d": 1}, pointer) is later


def test_values_that_are_filled_in_later_are_not_refused(tmp_path: Path) -> None:
    folder = tmp_path / "delivery" / "flux"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(f"{CONFIG}  name: ${{name}}-a\n  generation: ${{n}}\n  namespace: ${{x:=A}}\n")
    found = [(each.rule, each.line) for each in validate_folder(tmp_path, tmp_path, engine="embedded").findings]
    assert found == [("CS416", 6)]
    elsewhere = tmp_path / "own"
    elsewhere.mkdir()
    (elsewhere / "a.yaml").write_text(f"{CONFIG}  name: ${{name}}\n")
    assert {each.rule for each in validate_folder(tmp_path, elsewhere, engine="embedded").findings} == {"CS415"}


@pytest.fixture(scope="module")
def branch(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[GitRepo, Path]:
    """The reference stacks, published for Flux and Argo CD, and a checkout of the branch."""
    folder = tmp_path_factory.mktemp("branch")
    repository = repository_of(root / "providers", folder / "stacks")
    repository.commit({".cluster-stacks.yaml": SETTINGS})
    assert run(["publish", "--repo", str(repository.path)]) == 0
    repository.git("worktree", "add", "--quiet", str(folder / "rendered"), "rendered")
    return repository, folder / "rendered"


@pytest.mark.parametrize("engine", ["embedded", "both"])
def test_a_published_branch_has_no_finding(branch: tuple[GitRepo, Path], engine: str) -> None:
    repository, folder = branch
    result = validate_folder(repository.path, folder, engine=engine)
    assert [str(finding) for finding in result.findings] == []
    assert result.documents > 100
    assert (folder / "delivery" / "flux").is_dir()
    assert (folder / "delivery" / "argocd").is_dir()
