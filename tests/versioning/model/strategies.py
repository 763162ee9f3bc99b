"""Which histories hypothesis tries."""

from __future__ import annotations

from hypothesis import strategies as st

from versioning.model import reading
from versioning.model.edits import (
    FOLDERS,
    KEYS,
    OTHER,
    REMOVED,
    SCS,
    STACKS,
    TEXTS,
    VARS,
    VERSIONS,
    Chmod,
    Delete,
    Edit,
    Move,
    NewMinor,
    Overlay,
    Say,
    Shift,
    Write,
)
from versioning.model.history import Bump, History, Into, Step

PARTS = (f"{SCS}/shared", f"{SCS}/shared/cluster-addon", f"{STACKS[0]}/node-images")


def paths() -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(FOLDERS), st.sampled_from(KEYS)).map("/".join)


def edits() -> st.SearchStrategy[Edit]:
    """Any edit of files, overlays or versions."""
    stack = st.sampled_from(STACKS)
    text = st.sampled_from(TEXTS)
    return st.one_of(
        st.builds(Write, paths(), text),
        st.builds(Write, paths(), text),
        st.builds(Delete, paths()),
        st.builds(Move, paths(), paths()).filter(lambda move: move.path != move.to),
        st.builds(Chmod, paths()),
        st.builds(Say, stack, st.sampled_from(reading.COMPONENTS), st.sampled_from(VERSIONS)),
        st.builds(Shift, stack, st.sampled_from(reading.COMPONENTS), st.sampled_from((1, 1, 2, -1))),
        st.builds(Say, stack, st.just("kubernetes"), st.just("v0.0.2")),
        st.builds(Say, stack, st.just("kubernetes"), st.sampled_from(("v0.0.1", "v0.0.2", "v0.0.0"))),
        st.builds(Overlay, stack, st.sampled_from(VARS), st.lists(st.sampled_from(REMOVED), max_size=2).map(tuple)),
        st.builds(
            NewMinor, st.sampled_from((f"{SCS}/1-37", f"{OTHER}/1-35", *STACKS)), st.none() | stack,
            st.none() | st.sampled_from(("v1", "v2", "v1-alpha.0")), st.booleans(),
        ),
        st.builds(Delete, stack),
        st.builds(Delete, st.sampled_from(PARTS)),
        st.builds(Move, stack, st.sampled_from((f"{OTHER}/1-35", f"{SCS}/1-36"))).map(_same_minor),
    )


def _same_minor(move: Move) -> Move:
    """A stack is renamed, and keeps its minor: another minor's metadata.yaml could not be read there."""
    provider_and_name = OTHER if move.path.startswith(SCS) else "providers/docker/renamed"
    return Move(move.path, f"{provider_and_name}/{move.path.rpartition('/')[2]}")


def histories(steps: int = 4) -> st.SearchStrategy[History]:
    """Histories with so many changes, each an edit or two that may be bumped after."""
    branch = st.sampled_from(("topic", "topic", "main"))
    change = st.builds(_change, branch, st.lists(edits(), min_size=1, max_size=2), st.booleans())
    into = st.sampled_from(("merge", "update", "rebase", "squash")).map(lambda how: (("topic", Into(how)),))
    flat = st.lists(st.one_of(change, change, race(), into), min_size=1, max_size=steps).map(lambda rows: sum(rows, ()))
    return st.builds(History, st.lists(edits(), max_size=3).map(tuple), flat)


def race() -> st.SearchStrategy[tuple[Step, ...]]:
    """Both branches edit one stack, and mostly bump it."""
    return st.builds(
        lambda folder, mine, theirs, bumps: (
            *_change("main", [Write(f"{folder}/{theirs}", "a: 3\n")], bumps[0]),
            *_change("topic", [Write(f"{folder}/{mine}", "a: 4\n")], bumps[1]),
        ),
        st.sampled_from(FOLDERS), st.sampled_from(KEYS), st.sampled_from(KEYS),
        st.sampled_from(((True, True), (True, True), (True, False), (False, True))),
    )


def _change(branch: str, made: list[Edit], bump: bool) -> tuple[Step, ...]:
    return (*((branch, edit) for edit in made), *([(branch, Bump())] if bump else []))
