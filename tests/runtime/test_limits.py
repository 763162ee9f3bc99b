"""Processor time is counted, and memory given back."""

from __future__ import annotations

import resource
import signal
import threading
import time

import pytest

from cluster_stacks.runtime.limits import OutOfTime, bounded_children, processor_time


def test_busy_work_is_stopped_and_sleep_is_not() -> None:
    def work() -> None:
        with processor_time(0.05):
            while True:
                pass

    with pytest.raises(OutOfTime):
        work()
    with processor_time(0.02):
        time.sleep(0.1)


def test_the_timer_is_off_afterwards() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with processor_time(5):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) is before


def test_outside_the_main_thread_it_does_nothing() -> None:
    done: list[bool] = []

    def work() -> None:
        with processor_time(0.001):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_the_bound_of_memory_comes_back() -> None:
    before = [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]
    with bounded_children(memory=8 << 30, file=1 << 20):
        assert resource.getrlimit(resource.RLIMIT_AS)[0] == 8 << 30
        assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == 1 << 20
    assert [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)] == before
