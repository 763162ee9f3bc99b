"""Steps that belong together: Ctrl-C in the middle waits until they are done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds SIGINT and SIGTERM back from this thread, and from processes that it starts, until the block is left.

    For a few quick steps only. What was held back is then delivered: KeyboardInterrupt comes after the block.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
