"""`history` over random histories: of each commit it says what the specification says, against its first parent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, note

from cluster_stacks.operations.history import Asked, history
from versioning.model import spec
from versioning.model.asking import Scratch, examples, said
from versioning.model.history import History, play
from versioning.model.strategies import histories


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    made = Scratch()
    yield made
    made.close()


@examples(10)
@given(plan=histories())
def test_every_commit_is_judged_as_the_specification_says(scratch: Scratch, plan: History) -> None:
    world = play(plan)
    ids = scratch.commits(world.commits)
    line = [world.topic]
    while world.commits[line[-1]].parents:
        line.append(world.commits[line[-1]].parents[0])
    told: dict[str, set[tuple[str, str, str | None]]] = {}
    for row in history(scratch.repo.path, Asked(head=ids[world.topic], every=True)).rows:
        told.setdefault(row.judged.commit.oid, set()).update(demand[:3] for demand in said(row.judged.findings))
    for number in line:
        parents = world.commits[number].parents
        before = world.state(parents[0]) if parents else {}
        expected = {wrong[:3] for wrong in spec.judge(before, world.state(number), before)}
        note(f"commit {number}: {expected}")
        assert told.get(ids[number], set()) == expected
