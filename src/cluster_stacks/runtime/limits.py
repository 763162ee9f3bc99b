"""Bounds on work that happens in this process: processor time, and memory while a child runs."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class OutOfTime(BaseException):
    """Raised in the middle of work that used up its processor time. No `except Exception` on the way swallows it."""


@contextlib.contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """Raises OutOfTime in the body once it has used `seconds` of this process's time, the system's included.

    Processor time rather than the clock's, so that a busy machine refuses nothing. It interrupts Python code and not a
    long call into C; outside the main thread it does nothing. runtime/pool.py bounds what this cannot.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def bounded_children(*, memory: int, file: int) -> Iterator[None]:
    """Gives processes that the body starts `memory` bytes of address space and files of up to `file` bytes.

    A worker of the pool is bounded more tightly than a program written in Go can start with. Both bounds are those of
    this process meanwhile; afterwards it has its own again.
    """
    import resource

    bounds = {resource.RLIMIT_AS: memory, resource.RLIMIT_FSIZE: file}
    before = {kind: resource.getrlimit(kind) for kind in bounds}
    for kind, (_, hard) in before.items():
        _set(kind, bounds[kind] if hard == resource.RLIM_INFINITY else min(bounds[kind], hard), hard)
    try:
        yield
    finally:
        for kind, (soft, hard) in before.items():
            _set(kind, soft, hard)


def _set(kind: int, soft: int, hard: int) -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):  # not every system has every bound
        resource.setrlimit(kind, (soft, hard))
