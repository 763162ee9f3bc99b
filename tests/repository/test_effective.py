"""Effective layers, and a stack read whole."""

from __future__ import annotations

import os

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.repository.effective import load_stack, load_stacks
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot
from gitrepo_plugin import Files, GitRepo, link, metadata, stack, submodule

FAMILY = "providers/docker/scs"
STACK = StackId("docker", "scs", "1-36")
OTHER = StackId("docker", "scs", "1-37")


def loaded(repo: GitRepo, files: Files) -> StackSource:
    repo.commit({**stack(), **files})
    return load_stack(CommitSnapshot(Git.discover(repo.path)), STACK)


def refused(repo: GitRepo, files: Files) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as error:
        loaded(repo, files)
    return [(finding.rule, finding.path.removeprefix(STACK.path + "/")) for finding in error.value.findings]


def test_shared_files_are_overlaid_and_removed(git_repo: GitRepo) -> None:
    source = loaded(git_repo, {
        f"{FAMILY}/shared/cluster-class/class.yaml": "shared, overlaid",
        f"{FAMILY}/shared/cluster-class/more.yaml": "shared",
        f"{FAMILY}/shared/cluster-class/gone.yaml": "shared, removed",
        f"{FAMILY}/shared/cluster-addon/gone/values.yaml": "shared, removed",
        f"{FAMILY}/shared/sample-cluster.yaml": "sample",
        f"{FAMILY}/shared/metadata.yaml": "means nothing here",
        f"{FAMILY}/1-36/overlay.yaml": "remove: [cluster-class/gone.yaml, cluster-addon/gone/]\nvars: {a: 1}\n",
        f"{FAMILY}/1-37/metadata.yaml": "another stack",
    })
    assert list(source.files) == [
        "cluster-addon/cilium/Chart.yaml", "cluster-addon/cilium/values.yaml", "cluster-class/class.yaml",
        "cluster-class/more.yaml", "node-images/images.yaml", "sample-cluster.yaml",
    ]
    assert source.files["cluster-class/class.yaml"].path == f"{FAMILY}/1-36/cluster-class/class.yaml"
    assert source.files["cluster-class/more.yaml"].data == b"shared"
    assert source.files["cluster-class/more.yaml"].path == f"{FAMILY}/shared/cluster-class/more.yaml"
    assert source.vars == {"a": 1}
    assert list(source.layer(Layer.CLUSTER_CLASS)) == [
        "cluster-class/class.yaml", "cluster-class/more.yaml", "sample-cluster.yaml",
    ]


def test_the_minors_own_file_is_not_removed(git_repo: GitRepo) -> None:
    source = loaded(git_repo, {
        f"{FAMILY}/shared/cluster-class/class.yaml": "shared",
        f"{FAMILY}/1-36/overlay.yaml": "remove: [cluster-class/class.yaml]\n",
    })
    assert source.files["cluster-class/class.yaml"].path == f"{FAMILY}/1-36/cluster-class/class.yaml"


def test_names_with_spaces_quotes_and_letters_of_any_kind_are_files(git_repo: GitRepo) -> None:
    names = ["with spaces.yaml", "'quotes\".yaml", "größe.yaml", "*.yaml"]
    source = loaded(git_repo, {f"{FAMILY}/1-36/cluster-class/{name}": name for name in names})
    assert {source.files[f"cluster-class/{name}"].data.decode() for name in names} == set(names)


def test_a_link_inside_is_its_text(git_repo: GitRepo) -> None:
    source = loaded(git_repo, {f"{FAMILY}/1-36/cluster-class/l.yaml": link("../../1-37/x.yaml")})
    assert (source.files["cluster-class/l.yaml"].mode, source.files["cluster-class/l.yaml"].data) == (
        "120000", b"../../1-37/x.yaml"
    )


@pytest.mark.parametrize(
    ("files", "findings"),
    [
        ({"metadata.yaml": None}, [("CS220", "metadata.yaml")]),
        ({"metadata.yaml": "- x\n"}, [("CS221", "metadata.yaml")]),
        ({"metadata.yaml": link("/etc/passwd")}, [("CS221", "metadata.yaml")]),
        ({"overlay.yaml": "vars: 1\n"}, [("CS224", "overlay.yaml")]),
        ({"overlay.yaml": "remove: [cluster-class/typo.yaml]\n"}, [("CS232", "overlay.yaml")]),
        ({"cluster-class/sub": submodule()}, [("CS228", "cluster-class/sub")]),
        ({"cluster-class/l": link("/etc/passwd")}, [("CS227", "cluster-class/l")]),
        ({"cluster-class/l": link("../../../../../../x")}, [("CS227", "cluster-class/l")]),
        ({"cluster-class/a\nb": "x"}, [("CS229", "cluster-class/a\nb")]),
        ({os.fsdecode(b"node-images/\xff"): "x"}, [("CS229", os.fsdecode(b"node-images/\xff"))]),
    ],
)
def test_what_cannot_be_a_stack(git_repo: GitRepo, files: Files, findings: list[tuple[str, str]]) -> None:
    assert refused(git_repo, {f"{STACK.path}/{name}": content for name, content in files.items()}) == findings


def test_stacks_are_read_one_by_one_and_a_wrong_one_does_not_stop_the_rest(git_repo: GitRepo) -> None:
    git_repo.commit(stack() | stack("docker/scs/1-37") | {f"{STACK.path}/metadata.yaml": metadata("3")})
    snapshot = CommitSnapshot(Git.discover(git_repo.path))
    wrong, right = load_stacks(snapshot, [STACK, OTHER])
    assert isinstance(wrong, Refused)
    assert isinstance(right, StackSource)
    assert right == load_stack(snapshot, OTHER)


def test_a_stack_that_is_not_there(git_repo: GitRepo) -> None:
    git_repo.commit(stack())
    with pytest.raises(Refused, match=r"the stack docker/scs/1-37 has no metadata\.yaml"):
        load_stack(CommitSnapshot(Git.discover(git_repo.path)), OTHER)
