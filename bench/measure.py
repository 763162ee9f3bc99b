"""Wall time and peak memory of a command and of all that it starts."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measurement:
    """The best wall time in seconds, and the highest sum of resident memory of the process tree, in MiB."""

    seconds: float
    mebibytes: float


def measure(
    argv: Sequence[str], *, cwd: Path, runs: int = 1, env: Mapping[str, str] | None = None, ok: Sequence[int] = (0,)
) -> Measurement:
    """Runs the command `runs` times; the best time counts, because noise only adds. Ends where the command fails."""
    environment = {**os.environ, **(env or {})}
    # An installed tool has its bytecode; a checkout that may not write any would compile itself at every run.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    best, peak = float("inf"), 0.0
    for _ in range(runs):
        start = time.perf_counter()
        with subprocess.Popen(list(argv), cwd=cwd, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) as process:
            watch = _Watch(process.pid)
            watch.start()
            output = process.communicate()[0]
            best = min(best, time.perf_counter() - start)
            peak = max(peak, watch.end())
        if process.returncode not in ok:
            raise SystemExit(f"{argv} ended with {process.returncode}:\n{output.decode(errors='replace')[-3000:]}")
    return Measurement(best, peak)


class _Watch(threading.Thread):
    """Samples the resident memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._peak, self._over = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.05):
            self._peak = max(self._peak, sum(_resident(pid) for pid in _descendants(self._pid)))

    def end(self) -> float:
        self._over.set()
        self.join()
        return self._peak


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):  # a process that has just ended
            for task in Path(f"/proc/{parent}/task").glob("*/children"):
                found += [int(child) for child in task.read_text().split()]
    return found


def _resident(pid: int) -> float:
    """Proportional set size: pages that forked workers share count once."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)
