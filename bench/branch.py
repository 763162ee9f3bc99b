"""Publishing one changed stack, and the two ways to do it by hand: with git's plumbing, and with a clone."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import make_repository
from measure import Measurement, measure

BRANCH = "refs/heads/rendered"
SETTINGS = "repositoryURL: https://git.example/stacks.git\ngenerators: [{name: flux}]\n"
_PLUMBING = f"""\
set -e
export GIT_INDEX_FILE=$1/index
git read-tree {BRANCH}
git update-index -z --index-info < $1/paths
tree=$(git write-tree)
commit=$(echo message | git commit-tree $tree -p {BRANCH})
git push -q --force-with-lease={BRANCH}:{BRANCH} origin $commit:{BRANCH}
"""
_CLONE = """\
set -e
git clone -q --branch rendered "$(git remote get-url origin)" $1/clone
cd $1/clone
git rm -rq .
cp -r $1/tree/. .
git add --all
git commit -qm message
git push -q
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What it costs to publish all stacks for the first time, and one that changed, by us and by hand."""

    first: Measurement
    one: Measurement
    plumbing: Measurement
    clone: Measurement


def first_publish(scratch: Path, count: int, command: str) -> Measurement:
    """Makes `count` stacks and a bare remote in `scratch`, and publishes all to it."""
    repository = scratch / "stacks"
    make_repository(repository, count)
    (repository / ".cluster-stacks.yaml").write_text(SETTINGS, encoding="utf-8")
    _git(repository, "add", ".cluster-stacks.yaml")
    _git(repository, "commit", "-qm", "Name a generator")
    _git(repository, "init", "-q", "--bare", str(scratch / "remote.git"))
    _git(repository, "remote", "add", "origin", str(scratch / "remote.git"))
    return measure([command, "publish", "--push"], cwd=repository)


def publish(scratch: Path, count: int, command: str, runs: int = 5) -> Published:
    """Publishes `count` stacks, changes one, and publishes that in each way, from the same state each time."""
    first = first_publish(scratch, count, command)
    repository = scratch / "stacks"
    tip = _git(repository, "rev-parse", BRANCH)
    _change_one(repository)
    one = [_from(repository, scratch, tip, [command, "publish", "--push"]) for _ in range(runs)]
    by_hand = scratch / "hand"
    (by_hand / "tree").mkdir(parents=True)
    _git(repository, "--work-tree", str(by_hand / "tree"), "restore", "--source", BRANCH, "--worktree", ".")
    (by_hand / "paths").write_bytes(_paths(repository, tip))
    plumbing = [_from(repository, scratch, tip, ["sh", "-c", _PLUMBING, "-", str(by_hand)]) for _ in range(runs)]
    clone = _from(repository, scratch, tip, ["sh", "-c", _CLONE, "-", str(by_hand)])
    return Published(first, _best(one), _best(plumbing), clone)


def _change_one(repository: Path) -> None:
    """Takes the first stack as the branch `change` has it: edited, and v2."""
    edited = _git(repository, "diff", "--name-only", "main", "change", "--", "providers/*/metadata.yaml").split()
    _git(repository, "checkout", "change", "--", str(Path(edited[0]).parent))
    _git(repository, "commit", "-qm", "Edit one stack")


def _from(repository: Path, scratch: Path, tip: str, argv: Sequence[str]) -> Measurement:
    """Measures a command on the branch as it was after the first publish, here and at the remote."""
    for folder in (repository, scratch / "remote.git"):
        _git(folder, "update-ref", BRANCH, tip)
    _git(repository, "update-ref", "refs/remotes/origin/rendered", tip)
    return measure(argv, cwd=repository)


def _paths(repository: Path, tip: str) -> bytes:
    """What changed on the branch since `tip`, for `git update-index --index-info`: as many paths as we wrote."""
    rows = _git(repository, "diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", tip, BRANCH).splitlines()
    cells = (row.split(maxsplit=5) for row in rows)
    return b"".join(f"{mode} {oid}\t{path}\0".encode() for _, mode, _, oid, _, path in cells)


def _best(found: Sequence[Measurement]) -> Measurement:
    return min(found, key=lambda item: item.seconds)


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
