"""Work in forked workers that can be killed: hostile input costs one item, never the command.

Each worker does one item at a time and is bounded in memory; the parent keeps the clock, kills a worker that is late or
says too much, and goes on with a fresh one. Results come in the order of the items, with few of them in flight, so that
a thousand stacks need the memory of a handful.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import wait
from typing import Generic, TypeVar, cast

from cluster_stacks.runtime.worker import Answer, Worker, note

__all__ = ["FEW", "Killed", "Reason", "default_jobs", "map_bounded", "note"]

T = TypeVar("T")
R = TypeVar("R")

FEW = 20
"""Up to here one worker is faster than two: a second one costs its fork and its caches."""
MEMORY = 1024 * 1024 * 1024
OUTPUT = 256 * 1024 * 1024
_IN_FLIGHT = 4


class Reason(StrEnum):
    """Why a worker was lost, in words that end a sentence with "it"."""

    TIME = "ran out of time"
    MEMORY = "ran out of memory"
    OUTPUT = "gave too much output"
    CRASH = "crashed"


@dataclass(frozen=True, slots=True)
class Killed:
    """The result of an item whose worker was lost: why, by which signal or bound, and what it was busy with."""

    reason: Reason
    detail: str
    note: str


@dataclass(slots=True)
class _Job(Generic[T]):
    item: T
    answer: Answer | None = None
    killed: Killed | None = None


def default_jobs() -> int:
    """As many workers as this process may use cores."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def map_bounded(
    function: Callable[[T], R], items: Iterable[T], *,
    jobs: int, timeout: float, memory: int = MEMORY, output: int = OUTPUT, few: int = FEW,
) -> Iterator[tuple[T, R | Killed]]:
    """`(item, function(item))` of every item, in order, or Killed in place of the result.

    At most `jobs` workers run, one for the first `few` items; `timeout` is in seconds an item, `memory` in bytes of
    address space beyond what the process has when it forks, `output` in bytes of a pickled result. Items are read when
    a worker is free for them. What `function` raises is raised here, when its turn comes, and ends all workers; so does
    leaving the loop, and Ctrl-C.
    """
    jobs = max(jobs, 1)
    pool: _Pool[T] = _Pool(cast(Callable[[object], object], function), jobs, timeout, memory, output, few)
    waiting = iter(items)
    queue: deque[_Job[T]] = deque()
    try:
        while True:
            while len(queue) < _IN_FLIGHT * jobs and pool.has_room():
                try:
                    job = _Job(next(waiting))
                except StopIteration:
                    break
                queue.append(job)
                pool.start(job)
            if not queue:
                return
            if queue[0].killed or queue[0].answer:
                job = queue.popleft()
                yield job.item, job.killed or cast(R, job.answer.result() if job.answer else None)
            else:
                pool.wait()
    finally:
        pool.stop()


class _Pool(Generic[T]):
    """The workers, and which job each one has."""

    def __init__(
        self, function: Callable[[object], object], jobs: int, timeout: float, memory: int, output: int, few: int
    ) -> None:
        self._function, self._jobs, self._few = function, jobs, few
        self._timeout, self._memory, self._output = timeout, memory, output
        self._workers: list[Worker] = []
        self._busy: dict[Worker, tuple[_Job[T], float]] = {}
        self._started = 0

    def has_room(self) -> bool:
        """Whether one more job can begin now."""
        return len(self._busy) < (self._jobs if self._started >= self._few else 1)

    def start(self, job: _Job[T]) -> None:
        worker = next((worker for worker in self._workers if worker not in self._busy), None)
        if worker is None:
            worker = Worker(self._function, self._memory, self._output, tuple(self._workers))
            self._workers.append(worker)
        self._started += 1
        self._busy[worker] = (job, time.monotonic() + self._timeout)
        worker.send(job.item, self._timeout)

    def wait(self) -> None:
        """Until a job has its answer, or none any more."""
        next_end = min(end for _, end in self._busy.values())
        ready = wait([worker.connection for worker in self._busy], max(next_end - time.monotonic(), 0))
        now = time.monotonic()
        for worker, (job, end) in list(self._busy.items()):
            if worker.connection in ready:
                self._finish(worker, job, worker.receive())
            elif now >= end:
                self._finish(worker, job, Answer(lost="TIME"))

    def _finish(self, worker: Worker, job: _Job[T], answer: Answer) -> None:
        del self._busy[worker]
        job.answer = answer
        if answer.lost is None:
            return
        self._workers.remove(worker)
        note, signal, reason = worker.note, worker.kill(), Reason[answer.lost]
        bounds = {
            Reason.TIME: f"more than {self._timeout:g} s", Reason.MEMORY: f"more than {self._memory >> 20} MiB",
            Reason.OUTPUT: f"more than {self._output >> 20} MiB",
        }
        job.killed = Killed(reason, bounds.get(reason, signal), note)

    def stop(self) -> None:
        for worker in self._workers:
            worker.kill()
        self._workers, self._busy = [], {}
