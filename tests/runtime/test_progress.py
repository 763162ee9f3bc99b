"""Work tells whoever watches how far it is, and nobody else."""

from __future__ import annotations

import pytest

from cluster_stacks.runtime.progress import track, watched


class Notes:
    def __init__(self) -> None:
        self.told: list[object] = []

    def begin(self, what: str, total: int | None) -> None:
        self.told.append((what, total))

    def advance(self) -> None:
        self.told.append(1)

    def end(self) -> None:
        self.told.append("end")


def test_nobody_watches() -> None:
    assert list(track("abc", "reading")) == ["a", "b", "c"]


def test_an_item_is_done_when_the_next_is_asked_for() -> None:
    notes = Notes()
    with watched(notes):
        items = track(["a", "b"], "reading", 2)
        assert next(items) == "a"
        assert notes.told == [("reading", 2)]
        assert list(items) == ["b"]
    assert notes.told == [("reading", 2), 1, 1, "end"]
    assert list(track("ab", "reading")) == ["a", "b"]
    assert len(notes.told) == 4


def divided(numbers: list[int]) -> list[float]:
    return [1 / number for number in track(numbers, "dividing")]


def test_work_that_fails_is_over() -> None:
    notes = Notes()
    with watched(notes), pytest.raises(ZeroDivisionError):
        divided([1, 0])
    assert notes.told[:2] == [("dividing", None), 1]
