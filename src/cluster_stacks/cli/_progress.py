"""A bar for work that takes more than a second, in a terminal only, and gone when the work is done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from cluster_stacks.runtime.progress import watched

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

AFTER = 1.0
"""Seconds of work before there is a bar: what is done by then needs none."""
_ERASE = "\r\x1b[2K"


@contextmanager
def shown(stream: TextIO) -> Iterator[None]:
    """Shows the progress of what happens in the block on `stream`, a terminal."""
    with watched(Bar(stream)):
        yield


class Bar:
    """Shows one work after the other on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: ProgressBar[int] | None = None
        self._what, self._done, self._since = "", 0, 0.0
        self._total: int | None = None

    def begin(self, what: str, total: int | None) -> None:
        self._what, self._total, self._done, self._since = what, total, 0, time.monotonic()

    def advance(self) -> None:
        self._done += 1
        if self._bar is not None:
            self._bar.update(1)
        elif time.monotonic() - self._since > AFTER:
            self._bar = self._begin()
            self._bar.update(self._done)

    def end(self) -> None:
        if self._bar is not None:
            self._bar = None
            self._stream.write(_ERASE)
            self._stream.flush()

    def _begin(self) -> ProgressBar[int]:
        bar: ProgressBar[int]
        if self._total is None:
            bar = click.progressbar(iter(()), label=self._what, show_pos=True, file=self._stream)
        else:
            bar = click.progressbar(length=self._total, label=self._what, show_pos=True, file=self._stream)
        bar.render_progress()
        return bar
