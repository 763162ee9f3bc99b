"""Which stacks there are, and which are meant."""

from __future__ import annotations

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.stacks import discover_in, select

STACKS = [
    stack for text in ("docker/scs/1-9", "docker/scs/1-10", "docker/scs2/1-10", "openstack/scs/1-10")
    if (stack := StackId.parse(text))
]


def found(*paths: str, mode: str = "100644") -> list[tuple[str, str]]:
    """Rule and path of each finding."""
    return [(finding.rule, finding.path) for finding in discover_in(Entry(path, mode, "") for path in paths).findings]


def test_stacks_in_the_order_of_their_minors() -> None:
    paths = [f"{stack.path}/metadata.yaml" for stack in reversed(STACKS)]
    paths += ["README.md", "providers/docker/scs/README.md"]
    discovery = discover_in(Entry(path, "100644", "") for path in paths)
    assert discovery.stacks == tuple(STACKS)
    assert discovery.findings == ()


@pytest.mark.parametrize("folder", ["1.36", "1-36-2", "v1-36", "01-36", "1-36 ", "docs", "cluster-class", "1-36\n"])
def test_a_folder_that_is_no_minor_is_one_finding(folder: str) -> None:
    base = f"providers/docker/scs/{folder}"
    assert found(f"{base}/metadata.yaml", f"{base}/cluster-class/x.yaml") == [("CS225", base)]


def test_names_that_objects_cannot_carry() -> None:
    assert found("providers/Docker/scs/1-36/x") == [("CS226", "providers/Docker")]
    assert found("providers/docker/a.b/1-36/x") == [("CS226", "providers/docker/a.b")]


def test_hidden_folders_belong_to_other_tools() -> None:
    assert found("providers/docker/scs/.idea/x", "providers/.cache/a/b/c") == []


def test_links_and_submodules_in_the_place_of_a_folder() -> None:
    assert found("providers/docker/scs/1-37", mode="120000") == [("CS227", "providers/docker/scs/1-37")]
    assert found("providers/docker", mode="160000") == [("CS228", "providers/docker")]
    assert found("providers/docker/README.md", mode="120000") == []


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        ([], ["docker/scs/1-9", "docker/scs/1-10", "docker/scs2/1-10", "openstack/scs/1-10"]),
        (["docker/scs/1-10"], ["docker/scs/1-10"]),
        (["docker/scs"], ["docker/scs/1-9", "docker/scs/1-10"]),
        (["docker"], ["docker/scs/1-9", "docker/scs/1-10", "docker/scs2/1-10"]),
        (["providers/docker/scs/1-10/"], ["docker/scs/1-10"]),
        (["./providers/docker/scs/1-10/cluster-class/x.yaml"], ["docker/scs/1-10"]),
        (["providers/docker/scs/shared/cluster-class/x.yaml"], ["docker/scs/1-9", "docker/scs/1-10"]),
        (["openstack", "docker/scs/1-9", "openstack/scs"], ["docker/scs/1-9", "openstack/scs/1-10"]),
        (["providers"], ["docker/scs/1-9", "docker/scs/1-10", "docker/scs2/1-10", "openstack/scs/1-10"]),
    ],
)
def test_what_a_pattern_means(patterns: list[str], names: list[str]) -> None:
    assert [str(stack) for stack in select(STACKS, patterns)] == names


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("docker/scs/1-11", "did you mean docker/scs/1-10"),
        ("docker/sc", "did you mean docker/scs"),
        ("quite/another", "`cluster-stacks list` shows all 4"),
        ("docker/scs/1", "did you mean"),
    ],
)
def test_a_pattern_that_means_nothing(pattern: str, advice: str) -> None:
    with pytest.raises(CannotTell, match=f"no stack is named {pattern}: {advice}"):
        select(STACKS, ["docker", pattern])


def test_no_stacks_at_all() -> None:
    with pytest.raises(CannotTell, match="there is none below providers/"):
        select([], ["docker"])
