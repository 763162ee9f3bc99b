"""What passed, lands: after a merge no version of the target lies, and what is already there asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, given

from versioning.model import reading, spec
from versioning.model.asking import Scratch, asked, examples, said
from versioning.model.edits import FIRST, OTHER, SCS, Delete, Edit, Files, NewMinor, Overlay, Write
from versioning.model.history import Commit, History, bumped, merged, play
from versioning.model.strategies import histories

CLASS = "cluster-class/class.yaml"


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    made = Scratch()
    yield made
    made.close()


def landed(base: Files, mine: Files, theirs: Files) -> Files | None:
    """What a merge makes, the versions scalar by scalar; None where Git would stop at a conflict."""
    found = merged(base, mine, theirs)
    for path in base.keys() | mine.keys() | theirs.keys():
        three = [state.get(path) for state in (base, mine, theirs)]
        if three[1] != three[2] and three[0] not in three[1:]:
            return None
    return found


def lies(before: Files, now: Files) -> list[str]:
    """The versions that say something else than the content: it moved and they did not, or the other way round."""
    found = []
    for stack in sorted(reading.stacks(before) & reading.stacks(now)):
        old, new = reading.versions(before, stack), reading.versions(now, stack)
        assert old
        assert new
        changed = spec.moved(before, now, stack)
        found += [f"{stack} {c} {old[c]} {new[c]}" for c in reading.COMPONENTS if (c in changed) != (old[c] != new[c])]
    return found


@examples(10)
@given(history=histories())
def test_a_merge_that_passes_makes_no_lie(scratch: Scratch, history: History) -> None:
    world = play(history)
    base, mine, theirs = (world.state(number) for number in (world.base, world.topic, world.main))
    both = landed(base, bumped(base, mine, theirs), theirs)
    assume(both is not None and both != theirs)
    assert both is not None
    ids = scratch.commits([*world.commits, Commit(both, (world.main, world.topic))])
    told = said(asked(scratch.repo, ids[-1], ids[world.main]))
    assert {row[0] for row in told} >= {lie.split(" ")[0] for lie in lies(theirs, both)}


MORE = f"{SCS}/shared/cluster-class/more.yaml"
READS_Q, SAYS_Q = Write(f"{SCS}/1-36/{CLASS}", "a: <% vars.q %>\n"), Overlay(f"{SCS}/1-36", "{x: 1, q: 2}", ())
BEHIND_THE_BACK = {
    "a new minor takes the shared edit": ((), (Write(MORE, "a: 7\n"),), (NewMinor(f"{SCS}/1-37", None, "v1"),)),
    "its own file hid the shared one": (
        (Write(f"{SCS}/1-36/cluster-class/more.yaml", "a: 5\n"),), (Write(MORE, "a: 7\n"),),
        (Delete(f"{SCS}/1-36/cluster-class/more.yaml"),),
    ),
    "its overlay hid the shared one": (
        (Overlay(f"{SCS}/1-36", "{x: 1}", ("cluster-class/more.yaml",)),), (Write(MORE, "a: 7\n"),),
        (Overlay(f"{SCS}/1-36", "{x: 1}", ()),),
    ),
    "a template begins to read": ((), (SAYS_Q,), (READS_Q,)),
}


@pytest.mark.parametrize("case", BEHIND_THE_BACK.values(), ids=BEHIND_THE_BACK)
def test_what_two_good_branches_make_together(scratch: Scratch, case: tuple[tuple[Edit, ...], ...]) -> None:
    """Each branch is right by itself, and Git merges them: only the merge, asked about, can tell."""
    base = edited(FIRST, case[0])
    theirs = bumped(base, edited(base, case[2]), base)
    mine = bumped(base, edited(base, case[1]), theirs)
    both = landed(base, mine, theirs)
    assert both is not None
    lying = {lie.split(" ")[0] for lie in lies(theirs, both)}
    ids = scratch.commits([Commit(base, ()), Commit(mine, (0,)), Commit(theirs, (0,)), Commit(both, (2, 1))])
    assert lying
    assert {row[0] for row in said(asked(scratch.repo, ids[3], ids[2]))} == lying


def edited(files: Files, edits: tuple[Edit, ...]) -> Files:
    for edit in edits:
        files = edit.apply(files)
    return files


def test_what_landed_squashed_asks_for_nothing(scratch: Scratch) -> None:
    """A branch that stands on one which was squashed: its history is another, its content is not."""
    done = bumped(FIRST, Write(f"{SCS}/1-36/{CLASS}", "a: 2\n").apply(FIRST), FIRST)
    more = bumped(done, Write(f"{OTHER}/1-36/{CLASS}", "a: 2\n").apply(done), done)
    further = bumped(done, Write(f"{SCS}/1-36/cluster-addon/cilium/values.yaml", "a: 2\n").apply(done), done)
    for mine in (done, more, further):
        _, topic, main = scratch.commits([Commit(FIRST, ()), Commit(mine, (0,)), Commit(done, (0,))])
        assert said(asked(scratch.repo, topic, main)) == set()


def test_what_landed_squashed_keeps_its_components(scratch: Scratch) -> None:
    done = bumped(FIRST, Write(f"{SCS}/1-36/cluster-addon/cilium/values.yaml", "a: 2\n").apply(FIRST), FIRST)
    mine = bumped(done, Write(f"{SCS}/1-36/{CLASS}", "a: 2\n").apply(done), done)
    _, topic, main = scratch.commits([Commit(FIRST, ()), Commit(mine, (0,)), Commit(done, (0,))])
    assert said(asked(scratch.repo, topic, main)) == set()
