"""An incremental publish reads what changed, and makes the branch that a full one makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from cluster_stacks.model.stack import StackId
from cluster_stacks.operations import offering
from cluster_stacks.operations.publish import Options, publish
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.snapshot import CommitSnapshot
from gitrepo_plugin import GitRepo, metadata
from small_stack import STACK, files

SETTINGS = "repositoryURL: https://git.example/stacks.git\ngenerators: [{name: flux}]\n"
EDITS: tuple[Mapping[str, str | None], ...] = (
    files() | files("1-37") | {".cluster-stacks.yaml": SETTINGS},
    {f"{STACK}/1-36/README.md": "no content\n"},
    files(version="v2", image="b"),
    {"README.md": "elsewhere\n"},
    {f"{STACK}/shared/cluster-addon/x/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
     f"{STACK}/1-36/metadata.yaml": metadata("v3", "v1.36.1", "v2"),
     f"{STACK}/1-37/metadata.yaml": metadata("v2", "v1.37.1", "v2")},
    {".cluster-stacks.yaml": SETTINGS.replace("flux", "argocd")},
    dict.fromkeys(files("1-37")),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[StackId]:
    """The stacks whose sources were read to be offered."""
    found: list[StackId] = []

    def counted(snapshot: CommitSnapshot, stacks: Sequence[StackId]) -> object:
        found.extend(stacks)
        return load_stacks(snapshot, stacks)

    monkeypatch.setattr(offering, "load_stacks", counted)
    return found


def test_the_branch_is_the_same_at_every_step(git_repo: GitRepo) -> None:
    tips = {True: "", False: ""}
    for edit in EDITS:
        git_repo.commit(edit)
        for incremental, tip in tips.items():
            git_repo.git("update-ref", *(["refs/heads/rendered", tip] if tip else ["-d", "refs/heads/rendered"]))
            result = publish(git_repo.path, [], Options(head="main", incremental=incremental))
            assert not [found for found in result.findings if found.severity == "error"], result.findings
            tips[incremental] = git_repo.git("rev-parse", "rendered")
        assert git_repo.git("diff", "--stat", tips[True], tips[False]) == ""


def test_only_what_changed_is_read(git_repo: GitRepo, asked: list[StackId]) -> None:
    def read(edit: Mapping[str, str | None], *, incremental: bool = True) -> list[str]:
        asked.clear()
        git_repo.commit(edit)
        result = publish(git_repo.path, [], Options(head="main", incremental=incremental))
        assert [str(item.stack) for item in result.stacks] == ["docker/scs/1-36", "docker/scs/1-37"]
        return [str(stack) for stack in asked]

    both = ["docker/scs/1-36", "docker/scs/1-37"]
    assert read(EDITS[0]) == both
    assert read({"README.md": "elsewhere\n"}) == []
    assert read(files(version="v2", image="b")) == ["docker/scs/1-36"]
    assert read({}, incremental=False) == both


def test_a_version_that_comes_back_is_not_what_is_live(git_repo: GitRepo, asked: list[StackId]) -> None:
    """The sources of v1 again, after v2: the version in them is v1, which is published, and nothing changes."""
    for edit in (files(), files(version="v2", image="b"), files()):
        git_repo.commit(edit)
        result = publish(git_repo.path, [], Options(head="main"))
    assert [str(item.version) for item in result.stacks] == ["v1"]
    assert result.commit is None


@pytest.mark.parametrize("path", ["metadata.yaml", "cluster-class/x.yaml"])
def test_what_broke_is_read_and_refused(git_repo: GitRepo, path: str) -> None:
    git_repo.commit(files())
    publish(git_repo.path, [], Options(head="main"))
    git_repo.commit({f"{STACK}/1-36/{path}": "a: ["})
    assert [found.severity for found in publish(git_repo.path, [], Options(head="main")).findings]


