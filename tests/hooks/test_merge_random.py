"""Random branches, each bumped, merged with driver and hooks: what merges without a conflict passes the check."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import Content, GitRepo, metadata, stack
from hook_helpers import say

pytestmark = pytest.mark.slow

FAMILY = "providers/docker/scs"
MINORS = ("1-36", "1-37")
KEYS = (
    "cluster-class/class.yaml", "cluster-class/more.yaml", "cluster-addon/cilium/values.yaml",
    "cluster-addon/ccm/values.yaml", "node-images/images.yaml", "node-images/build.sh",
)
TEXTS = ("a: 1\n", "a: 2\n", "a: <% kubernetes.version %>\n", "a: <% vars.x %>\n")


def edits(chance: random.Random, side: str) -> dict[str, Content]:
    """Some files of minors and of what they share, perhaps a Kubernetes patch, and a comment by each side."""
    found: dict[str, Content] = {}
    for _ in range(chance.randint(1, 3)):
        folder = chance.choice((*MINORS, "shared"))
        found[f"{FAMILY}/{folder}/{chance.choice(KEYS)}"] = chance.choice(TEXTS)
    for minor in MINORS:
        kubernetes = f"v{minor.replace('-', '.')}.{chance.choice((1, 1, 2))}"
        comment = chance.choice(("", f"# {side}\n"))
        text = metadata("v1", kubernetes)
        found[f"{FAMILY}/{minor}/metadata.yaml"] = comment + text if side == "ours" else text + comment
    return found


def branch(repo: GitRepo, name: str, files: dict[str, Content]) -> None:
    """A branch of its own since the base, with the versions that its edits ask for."""
    repo.commit(files, branch=name, parent="base")
    repo.checkout(name)
    bump(repo.path, (), Question(base="base"))
    repo.git("-c", "core.hooksPath=", "commit", "--quiet", "--allow-empty", "--all", "-m", "Bump")


@pytest.mark.parametrize("seed", range(10))
def test_what_merges_passes(git_repo: GitRepo, root: Path, started: Path, seed: int) -> None:
    chance = random.Random(seed)
    start = {f"{FAMILY}/{minor}/overlay.yaml": "vars: {x: 1}\n" for minor in MINORS}
    git_repo.commit({**stack(), **stack("docker/scs/1-37"), **start}, branch="base")
    git_repo.git("config", "core.hooksPath", str(root / "hooks"))
    for name in ("ours", "theirs"):
        branch(git_repo, name, edits(chance, name))
    assert say(git_repo.path, "cluster-stacks", "merge-driver", "--install").code == 0
    # The branch that it is for is the one that is merged into, or the one that is merged.
    target = chance.choice(("ours", "theirs"))
    git_repo.git("branch", "main", target)
    git_repo.checkout("ours" if target == "theirs" else "main")
    before = git_repo.git("rev-parse", "main")
    done = say(git_repo.path, "git", "merge", "--no-edit", "--no-ff", "theirs" if target == "ours" else "main")
    if done.code and "finish the merge with `git commit --no-edit`" in done.text:
        done = say(git_repo.path, "git", "commit", "--no-edit")
    if done.code:
        assert "CONFLICT" in done.text, done.text
        return
    errors = [f.message for f in check(git_repo.path, Question(base=before)).findings if f.severity == "error"]
    assert errors == [], done.text
