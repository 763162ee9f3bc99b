"""Branches from one base that are merged one after the other: a number that two of them take is seen each time.

Real merges: what Git merges by itself it merges, and conflicts are resolved as people do, by taking one side of
metadata.yaml and `bump`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import executable, new_repository
from versioning.model import reading, spec
from versioning.model.asking import asked, examples, said
from versioning.model.edits import FIRST, OTHER, SCS, Files

NAMES = ("a", "b", "c")
CLASS, ADDON, IMAGE = "cluster-class/class.yaml", "cluster-addon/cilium/values.yaml", "node-images/images.yaml"
PLACES = (
    f"{SCS}/1-36/{CLASS}", f"{SCS}/1-36/{ADDON}", f"{SCS}/1-36/{IMAGE}", f"{SCS}/1-35/{CLASS}", f"{OTHER}/1-36/{CLASS}",
    f"{SCS}/shared/cluster-class/more.yaml", f"{SCS}/shared/cluster-addon/ccm/values.yaml",
    f"{SCS}/shared/node-image/script.sh",
)
HOWS = ("merge", "squash", "rebase")


class Plan(NamedTuple):
    """Which files each branch edits, in which order they are merged, how, and whose side conflicts are resolved to."""

    edits: tuple[frozenset[str], ...]
    order: tuple[int, ...]
    how: str
    side: str = "--theirs"


class Branches:
    """A repository with `main` and a branch a plan's edit, each bumped on its own."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.repo, self.plan = new_repository(folder), plan
        self.repo.commit({
            path: executable(data.decode()) if mode == "100755" else data for path, (mode, data) in FIRST.items()
        })
        for name, edited in zip(NAMES, plan.edits, strict=True):
            self.repo.git("branch", name, "main")
            self.repo.checkout(name)
            self.repo.stage(dict.fromkeys(sorted(edited), f"a: {name}\n"))
            bump(self.repo.path, [], Question(staged=True))
            self.repo.git("commit", "--quiet", "--message", f"Edit of {name}")

    def state(self, revision: str) -> Files:
        """The files of a revision."""
        listed = self.repo.git("ls-tree", "-r", "-z", "--format=%(objectmode) %(path)", revision).split("\0")
        rows = [row.split(" ", 1) for row in listed if row]
        names = "".join(f"{revision}:{path}\n" for _, path in rows)
        blobs = self.repo.git("cat-file", "--batch=%(objectsize)", stdin=names.encode())
        found: Files = {}
        for mode, path in rows:
            size, _, rest = blobs.partition("\n")
            found[path] = (mode, rest[: int(size)].encode())
            blobs = rest[int(size) + 1 :]
        return found

    def demanded(self, name: str) -> set[tuple[str, str, str | None]]:
        """What the checker asks of a branch, as CI asks it."""
        return {row[:3] for row in said(asked(self.repo, name, "main"))}

    def expected(self, name: str) -> set[tuple[str, str, str | None]]:
        """The same by the model."""
        base = self.repo.git("merge-base", name, "main")
        return {wrong[:3] for wrong in spec.judge(self.state(base), self.state(name), self.state("main"))}

    def mend(self, name: str) -> None:
        """Brings a branch up to date as people do."""
        self.repo.checkout(name)
        command = ["rebase", "main"] if self.plan.how == "rebase" else ["merge", "--no-ff", "--no-commit", "main"]
        self.repo.git(*command, ok=None)
        conflicts = self.repo.git("diff", "--name-only", "--diff-filter=U").splitlines()
        for path in conflicts:
            side = self.plan.side if path.endswith("/metadata.yaml") else "--ours"
            self.repo.git("checkout", side, "--", path)
            self.repo.git("add", path)
        if self.plan.how == "rebase" and conflicts:
            self.repo.git("-c", "core.editor=true", "rebase", "--continue")
        bump(self.repo.path, [], Question(base="main"))
        self.repo.git("commit", "--all", "--quiet", "--allow-empty", "--message", f"{name} goes on main")

    def land(self, name: str) -> None:
        """The merge button."""
        self.repo.checkout("main")
        how = "--squash" if self.plan.how == "squash" else "--no-ff"
        self.repo.git("merge", "--quiet", how, *(["--no-edit"] if how == "--no-ff" else []), name)
        if how == "--squash":
            self.repo.git("commit", "--quiet", "--allow-empty", "--message", f"{name}, squashed")


def steps(before: Files, now: Files) -> Mapping[str, Sequence[str]]:
    """The versions of `now` that are not what the edit of one branch makes of those before."""
    found = {}
    for stack in reading.stacks(now):
        old, new = reading.versions(before, stack), reading.versions(now, stack)
        changed = spec.moved(before, now, stack)
        assert old
        assert new
        wrong = [c for c in reading.COMPONENTS if new[c] != (spec.after(old[c]) if c in changed else old[c])]
        if wrong:
            found[stack] = wrong
    return found


def walk(plan: Plan) -> int:
    """Merges all branches; how often a number was taken. Fails where the checker is wrong."""
    seen = 0
    with tempfile.TemporaryDirectory() as folder:
        branches = Branches(Path(folder), plan)
        for name in (NAMES[number] for number in plan.order):
            asked_for = branches.demanded(name)
            assert asked_for == branches.expected(name)
            before = branches.state("main")
            if asked_for or branches.repo.git("merge-tree", "--write-tree", "main", name, ok=None).count("CONFLICT"):
                seen += bool(asked_for)
                branches.mend(name)
                assert branches.demanded(name) == set()
            branches.land(name)
            assert steps(before, branches.state("main")) == {}
    return seen


@pytest.mark.parametrize("how", ["merge", *(pytest.param(how, marks=pytest.mark.slow) for how in HOWS[1:])])
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda order: "".join(NAMES[n] for n in order))
def test_three_that_edit_one_stack(order: tuple[int, ...], how: str) -> None:
    edits = tuple(frozenset([f"{SCS}/1-36/{key}"]) for key in (CLASS, ADDON, IMAGE))
    assert walk(Plan(edits, order, how)) == 2


@pytest.mark.parametrize("how", HOWS)
def test_three_that_edit_different_stacks(how: str) -> None:
    edits = tuple(frozenset([f"{stack}/{CLASS}"]) for stack in (f"{SCS}/1-35", f"{SCS}/1-36", f"{OTHER}/1-36"))
    assert walk(Plan(edits, (2, 0, 1), how)) == 0


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
def test_shared_edits_and_edits_of_minors(order: tuple[int, ...]) -> None:
    edits = (frozenset(PLACES[5:6]), frozenset(PLACES[:1]), frozenset(PLACES[3:4]))
    assert walk(Plan(edits, order, "merge")) == (1 if order[-1] == 0 else 2)


plans = st.builds(
    Plan, st.tuples(*[st.frozensets(st.sampled_from(PLACES), min_size=1, max_size=3)] * 3),
    st.permutations(range(3)).map(tuple), st.sampled_from(HOWS), st.sampled_from(("--theirs", "--ours")),
)


@examples(2)
@given(plan=plans)
def test_any_three(plan: Plan) -> None:
    walk(plan)
