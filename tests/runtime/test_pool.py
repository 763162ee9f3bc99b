"""Workers that hang, hog, crash and shout cost one item, and nothing else."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.runtime.pool import FEW, Killed, Reason, map_bounded, note
from cluster_stacks.runtime.scratch import scratch


def double(item: int) -> tuple[int, int]:
    return item * 2, os.getpid()


def behave(item: str) -> str:
    note(f"busy with {item}")
    if item == "loop":
        while True:
            pass
    if item == "one long call":
        return str(len("x" * 2**20) ** 99_999_999)
    if item == "hog":
        return str(len(bytearray(2**31)))
    if item == "shout":
        return "x" * (4 << 20)
    if item == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "child":
        subprocess.run(["sleep", "600"], check=True)
    return item


def outcomes(items: list[str], timeout: float = 20, jobs: int = 1) -> dict[str, object]:
    return dict(map_bounded(behave, items, jobs=jobs, timeout=timeout, memory=512 << 20, output=1 << 20))


def test_results_come_in_order_and_from_another_process() -> None:
    results = list(map_bounded(double, range(100), jobs=2, timeout=20))
    assert [(item, result[0]) for item, result in results if not isinstance(result, Killed)] == [
        (number, number * 2) for number in range(100)
    ]
    pids = {result[1] for _, result in results if not isinstance(result, Killed)}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_few_items_have_one_worker() -> None:
    results = list(map_bounded(double, range(FEW), jobs=2, timeout=20))
    assert len({result[1] for _, result in results if not isinstance(result, Killed)}) == 1


def test_no_items_fork_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    assert list(map_bounded(double, [], jobs=2, timeout=1)) == []


@pytest.mark.parametrize(
    ("item", "reason"),
    [("hog", Reason.MEMORY), ("shout", Reason.OUTPUT), ("crash", Reason.CRASH)],
)
def test_a_lost_worker_costs_one_item(item: str, reason: Reason) -> None:
    found = outcomes(["a", item, "b"])
    killed = found[item]
    assert isinstance(killed, Killed)
    assert (killed.reason, killed.note) == (reason, f"busy with {item}")
    assert (found["a"], found["b"]) == ("a", "b")


@pytest.mark.parametrize("item", ["loop", "one long call", "child"])
def test_a_late_worker_is_killed(item: str) -> None:
    begin = time.monotonic()
    found = outcomes(["a", item, "b"], timeout=0.5)
    killed = found[item]
    assert isinstance(killed, Killed)
    assert (killed.reason, killed.detail) == (Reason.TIME, "more than 0.5 s")
    assert (found["a"], found["b"]) == ("a", "b")
    assert time.monotonic() - begin < 10


def test_what_a_worker_starts_dies_with_it(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    def start(item: int) -> None:
        with subprocess.Popen(["sleep", "600"]) as process:
            pid_file.write_text(str(process.pid))

    [(_, killed)] = map_bounded(start, [1], jobs=1, timeout=0.5)
    assert isinstance(killed, Killed)
    pid = int(pid_file.read_text())
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        # An orphan that init has not reaped yet is dead as well.
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the child of a killed worker lives on")


def test_the_scratch_folder_of_a_killed_worker_goes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def work(item: int) -> None:
        with scratch() as folder:
            (folder / "file").write_text("x")
            time.sleep(60)

    [(_, killed)] = map_bounded(work, [1], jobs=1, timeout=0.5)
    assert isinstance(killed, Killed)
    assert list(tmp_path.iterdir()) == []


def test_what_a_worker_raises_is_raised_in_its_turn() -> None:
    finding = Finding("CS999", Severity.ERROR, "no", "a.yaml", 3)

    def refuse(item: int) -> int:
        if item == 2:
            raise Refused(finding)
        return item

    results = map_bounded(refuse, range(5), jobs=1, timeout=20)
    assert [next(results), next(results)] == [(0, 0), (1, 1)]
    with pytest.raises(Refused) as caught:
        next(results)
    assert caught.value.findings == (finding,)
    assert "in refuse" in str(caught.value.__cause__)


def test_an_exception_that_cannot_travel_arrives_as_text() -> None:
    class StubbornError(Exception):
        def __init__(self, one: str, two: str) -> None:
            super().__init__(f"{one} and {two}")

    def fail(item: int) -> int:
        raise StubbornError("this", "that")

    with pytest.raises(RuntimeError, match="StubbornError: this and that"):
        list(map_bounded(fail, [1], jobs=1, timeout=20))


def test_items_are_read_when_there_is_room_for_them() -> None:
    read: list[int] = []

    def items() -> object:
        for number in range(100):
            read.append(number)
            yield number

    results = map_bounded(double, items(), jobs=1, timeout=20)  # type: ignore[arg-type]
    next(results)
    assert len(read) <= 5
    results.close()  # type: ignore[attr-defined]


def test_leaving_early_leaves_no_worker(tmp_path: Path) -> None:
    results = map_bounded(double, range(1000), jobs=2, timeout=20)
    _, result = next(results)
    assert not isinstance(result, Killed)
    del results
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(result[1], 0)


SCRIPT = """
import os, sys, time
from cluster_stacks.runtime.pool import map_bounded
def loop(item):
    print(os.getpid(), flush=True)
    while True: pass
try:
    list(map_bounded(loop, [1], jobs=1, timeout=60))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_interrupting_the_command_ends_its_workers(sent: signal.Signals, code: int) -> None:
    # A killed parent cannot end a busy worker: that one ends by its own processor time, at the next item or at once.
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.send_signal(sent)
        assert process.wait(10) == code
        if sent is signal.SIGKILL:
            os.kill(worker, signal.SIGKILL)
        else:
            with pytest.raises(ProcessLookupError):
                os.kill(worker, 0)
