"""The merge driver and the hook pre-merge-commit with real git: after every merge without a conflict, check passes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from gitrepo_plugin import Content, GitRepo, metadata, stack
from hook_helpers import ADDON, CLASS, IMAGES, METADATA, Said, say

SIDES: dict[str, dict[str, Content]] = {
    "class": {CLASS: "a: 2\n", METADATA: metadata("v2")},
    "addon": {ADDON: "cilium: {a: 1}\n", METADATA: metadata("v2", cluster_addon="v2")},
    "image": {IMAGES: "images: [] # 2\n", METADATA: metadata("v2", node_image="v2")},
    "more": {f"{CLASS}.yaml": "b: 1\n", METADATA: metadata("v2")},
}


@pytest.fixture
def repo(git_repo: GitRepo, root: Path, started: Path) -> GitRepo:
    """Four branches from one base, each with a change and its versions; driver and hooks are installed."""
    git_repo.commit(stack())
    for name, files in SIDES.items():
        git_repo.commit(files, branch=name, parent="main")
    git_repo.checkout()
    assert say(git_repo.path, "cluster-stacks", "merge-driver", "--install").code == 0
    git_repo.git("config", "core.hooksPath", str(root / "hooks"))
    return git_repo


def merge(repo: GitRepo, *branches: str) -> Said:
    """Merges; where the hook stops it, with the versions mended, the merge is finished as it says."""
    done = say(repo.path, "git", "merge", "--no-edit", "--no-ff", *branches)
    if done.code and "finish the merge with `git commit --no-edit`" in done.text:
        return say(repo.path, "git", "commit", "--no-edit")
    return done


def checked(repo: GitRepo, base: str) -> Said:
    return say(repo.path, "cluster-stacks", "check", "--base", base)


def merge_in_order(repo: GitRepo, order: Sequence[str]) -> None:
    for number, branch in enumerate(order):
        done = merge(repo, branch)
        assert done.code == 0, done.text
        assert f"clusterStack: v{number + 2}\n" in repo.git("show", f"HEAD:{METADATA}") + "\n"
        assert (done := checked(repo, "HEAD^1")).code == 0, done.text


def test_three_branches(repo: GitRepo) -> None:
    merge_in_order(repo, ("class", "more", "addon"))
    assert repo.git("status", "--porcelain") == ""


ORDERS = [*permutations(("class", "addon", "image")), *permutations(("class", "more", "addon"))]


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_three_branches_in_every_order(repo: GitRepo, order: tuple[str, ...]) -> None:
    merge_in_order(repo, order)
    assert "clusterAddon: v2" in repo.read(METADATA)
    assert ("nodeImage: v2" in repo.read(METADATA)) == ("image" in order)


@pytest.mark.slow
@pytest.mark.parametrize("pair", [("class", "addon"), ("class", "more"), ("addon", "image")], ids="-".join)
def test_the_target_into_a_topic(repo: GitRepo, pair: tuple[str, str]) -> None:
    main, topic = pair
    assert merge(repo, main).code == 0
    repo.checkout(topic)
    done = merge(repo, "main")
    assert done.code == 0, done.text
    assert "clusterStack: v3\n" in repo.git("show", f"HEAD:{METADATA}")
    assert (done := checked(repo, "main")).code == 0, done.text


def test_two_topics_are_one_change_of_the_target(repo: GitRepo) -> None:
    repo.checkout("addon")
    assert merge(repo, "image").code == 0
    assert repo.read(METADATA) == metadata("v2", cluster_addon="v2", node_image="v2")
    assert checked(repo, "main").code == 0


def test_without_the_driver_the_same_version_stops_the_merge(repo: GitRepo) -> None:
    repo.git("config", "--remove-section", "merge.cluster-stacks")
    assert merge(repo, "class").code == 0
    stopped = merge(repo, "more")
    assert stopped.code != 0
    assert "bump --staged && git commit --no-edit`" in stopped.text
    assert "clusterStack must be v3" in stopped.text
    assert say(repo.path, "cluster-stacks", "bump", "--staged").code == 0
    assert say(repo.path, "git", "commit", "--no-edit").code == 0
    assert checked(repo, "HEAD^1").code == 0


def test_comments_and_other_lines_survive(repo: GitRepo) -> None:
    repo.commit({METADATA: "# theirs\n" + metadata("v2").replace("v2", "v2 # why")}, branch="class")
    repo.commit({METADATA: metadata("v2", cluster_addon="v2") + "# ours\n"}, branch="addon")
    merge(repo, "addon")
    assert merge(repo, "class").code == 0
    assert repo.read(METADATA) == (
        "# theirs\n" + metadata("v3", cluster_addon="v2").replace("v3", "v3 # why") + "# ours\n"
    )


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        (metadata("v2", "v1.36.2"), "both sides move kubernetes: v1.36.3 and v1.36.2"),
        (metadata("v4"), "clusterStack moved from v1 to v4, which is not one step"),
        (metadata("v2-alpha.0"), "clusterStack has versions of different channels: v1, v2-alpha.0, v2"),
        ("broken: [", "one of the sides cannot be read"),
    ],
)
def test_what_it_cannot_know_is_a_conflict(repo: GitRepo, theirs: str, reason: str) -> None:
    repo.commit({CLASS: "a: 3\n", METADATA: theirs}, branch="class")
    repo.commit({METADATA: metadata("v2", "v1.36.3", "v2")}, branch="addon")
    repo.git("reset", "--quiet", "--hard", "addon")
    done = merge(repo, "class")
    assert done.code == 1
    assert f"{METADATA}: left as a conflict: {reason}" in done.text
    assert f"CONFLICT (content): Merge conflict in {METADATA}" in done.text


@pytest.mark.parametrize("verb", ["rebase", "cherry-pick"])
def test_outside_of_a_merge_it_is_gits_own(repo: GitRepo, verb: str) -> None:
    repo.checkout("addon")
    done = say(repo.path, "git", verb, "image")
    assert done.code == 1
    assert "both sides edited the same lines" in done.text
    assert "<<<<<<<" in repo.read(METADATA)


def test_several_common_ancestors_are_a_conflict(repo: GitRepo) -> None:
    repo.git("branch", "one", "class")
    repo.git("branch", "two", "addon")
    repo.checkout("one").git("-c", "core.hooksPath=", "merge", "--quiet", "--no-edit", "--no-ff", "addon")
    repo.checkout("two").git("-c", "core.hooksPath=", "merge", "--quiet", "--no-edit", "--no-ff", "class")
    repo.stage({CLASS: "a: 9\n", METADATA: metadata("v3", cluster_addon="v2") + "# two\n"})
    repo.git("-c", "core.hooksPath=", "commit", "--quiet", "-m", "two")
    repo.checkout("one").stage({ADDON: "cilium: {a: 9}\n", METADATA: "# one\n" + metadata("v3", cluster_addon="v3")})
    repo.git("-c", "core.hooksPath=", "commit", "--quiet", "-m", "one")
    done = merge(repo, "two")
    assert done.code == 1
    assert "left as a conflict: the branches have 2 common ancestors" in done.text


def test_installing_again_changes_nothing(repo: GitRepo) -> None:
    attributes, config = repo.path / ".git/info/attributes", repo.path / ".git/config"
    before = attributes.read_text(), config.read_text()
    assert before[0] == "providers/**/metadata.yaml merge=cluster-stacks\n"
    assert say(repo.path, "cluster-stacks", "merge-driver", "--install").code == 0
    assert (attributes.read_text(), config.read_text()) == before
    assert say(repo.path, "cluster-stacks", "merge-driver").code == 2


@pytest.fixture
def clone(repo: GitRepo, root: Path, tmp_path: Path) -> GitRepo:
    """A clone on `main`, with driver and hooks."""
    other = GitRepo(tmp_path / "clone")
    repo.git("clone", "--quiet", str(repo.path), str(other.path))
    assert say(other.path, "cluster-stacks", "merge-driver", "--install").code == 0
    other.git("config", "core.hooksPath", str(root / "hooks"))
    return other


@pytest.mark.slow
def test_the_remotes_branch_is_the_target(clone: GitRepo) -> None:
    for branch in ("origin/class", "origin/addon"):
        assert merge(clone, branch).code == 0
        assert (done := say(clone.path, "cluster-stacks", "check")).code == 0, done.text
    assert clone.read(METADATA) == metadata("v2", cluster_addon="v2"), "both go into one push, and that is one change"


@pytest.mark.slow
def test_pulling_the_target(repo: GitRepo, clone: GitRepo) -> None:
    assert merge(repo, "class").code == 0
    assert merge(repo, "more").code == 0
    clone.git("checkout", "--quiet", "addon")
    done = say(clone.path, "git", "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
    assert done.code == 0, done.text
    assert clone.read(METADATA) == metadata("v4", cluster_addon="v2")
    assert (done := say(clone.path, "cluster-stacks", "check")).code == 0, done.text


@pytest.mark.slow
def test_the_same_change_on_both_sides_is_none(repo: GitRepo) -> None:
    """What was cherry-picked into the target is no change of the topic any more."""
    repo.commit({**SIDES["addon"], METADATA: metadata("v2", cluster_addon="v2") + "# picked\n"}, branch="main")
    repo.checkout()
    done = merge(repo, "addon")
    assert done.code == 0, done.text
    assert repo.read(METADATA) == metadata("v2", cluster_addon="v2") + "# picked\n"


@pytest.mark.slow
def test_several_at_once(repo: GitRepo) -> None:
    """An octopus starts no driver; both together are one change of main, which had none of them."""
    before = repo.git("rev-parse", "main")
    done = say(repo.path, "git", "merge", "--no-edit", "class", "more")
    assert done.code == 0, done.text
    assert (done := checked(repo, before)).code == 0, done.text
