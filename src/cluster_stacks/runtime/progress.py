"""Who watches how far long work is: nobody, unless somebody asked to.

What works through many items wraps them in `track`; what shows it to a person is set by `watched`. Neither knows the
other, and where nobody watches it costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

T = TypeVar("T")


class Observer(Protocol):
    """Is told of one work after the other."""

    def begin(self, what: str, total: int | None) -> None:
        """Work on `total` items (None: not known) begins; `what` is done to them ("rendering")."""
        ...

    def advance(self) -> None:
        """One more item is done."""
        ...

    def end(self) -> None:
        """The work is over, or given up."""
        ...


_observer: ContextVar[Observer | None] = ContextVar("observer", default=None)


@contextmanager
def watched(observer: Observer) -> Iterator[None]:
    """Until the end of the block `observer` is told of all work."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The items as they are; whoever watches is told when the next one is asked for. Not for work within work."""
    observer = _observer.get()
    if observer is None:
        yield from items
        return
    observer.begin(what, total)
    try:
        for item in items:
            yield item
            observer.advance()
    finally:
        observer.end()
