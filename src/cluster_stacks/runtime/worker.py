"""One forked worker: its end of the pipe, its bounds, and the parent's handle on it."""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from typing import NoReturn

from cluster_stacks.runtime.scratch import remove_scratch_of

_PAGE = 4096
_SLACK = 1 << 20
"""What a message may hold beyond the result itself."""
_notes: mmap.mmap | None = None


class WorkerTraceback(Exception):  # noqa: N818 — it is shown as the cause of what was raised, and never caught
    """The traceback of what a worker raised, as text: the frames themselves cannot leave their process."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one item: its value, or what it raised, or (as a Reason's name) how the worker was lost."""

    value: object = None
    error: Exception | None = None
    trace: str = ""
    lost: str | None = None

    def result(self) -> object:
        """The value. Raises what the worker raised."""
        if self.error is not None:
            raise self.error from WorkerTraceback(self.trace)
        return self.value


def note(text: str) -> None:
    """Leaves word of what this worker is busy with, for the parent that may have to kill it. Does nothing elsewhere."""
    if _notes is not None:
        data = text.encode("utf-8", "surrogateescape")[: _PAGE - 2]
        _notes[: len(data) + 1] = data + b"\0"


class Worker:
    """The parent's handle. `note` is what the worker last said it was busy with."""

    def __init__(
        self, function: Callable[[object], object], memory: int, output: int, siblings: Iterable[Worker]
    ) -> None:
        self.connection, theirs = Pipe()
        self._output = output
        self._notes = mmap.mmap(-1, _PAGE)  # shared with the child, and with nobody else
        inherited = [self.connection, *(sibling.connection for sibling in siblings)]
        self.pid = os.fork()
        if self.pid == 0:
            _child(function, theirs, inherited, self._notes, memory, output)
        theirs.close()
        with contextlib.suppress(OSError):  # the child does the same: whoever comes first
            os.setpgid(self.pid, self.pid)

    @property
    def note(self) -> str:
        return self._notes[:].partition(b"\0")[0].decode("utf-8", "surrogateescape")

    def send(self, item: object, seconds: float) -> None:
        """Hands over an item that may take `seconds`."""
        self._notes[0] = 0
        with contextlib.suppress(BrokenPipeError):  # it died idle; receive() will tell
            self.connection.send_bytes(pickle.dumps((item, seconds), pickle.HIGHEST_PROTOCOL))

    def receive(self) -> Answer:
        """The answer that is waiting in the pipe."""
        try:
            answer = pickle.loads(self.connection.recv_bytes(self._output + _SLACK))  # noqa: S301 — our own child wrote it
        except (EOFError, OSError):
            return Answer(lost="CRASH")
        return answer if isinstance(answer, Answer) else Answer(lost="CRASH")

    def kill(self) -> str:
        """Ends the worker and all that it started. Returns how it ended, in words."""
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)
        self.connection.close()
        self._notes.close()
        _, status = os.waitpid(self.pid, 0)
        remove_scratch_of(self.pid)
        code = os.waitstatus_to_exitcode(status)
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _child(
    function: Callable[[object], object], connection: Connection, inherited: Iterable[Connection],
    notes: mmap.mmap, memory: int, output: int,
) -> NoReturn:
    global _notes  # one worker a process
    code = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C goes to the parent, which kills this group: nothing is left half written
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for other in inherited:
            other.close()  # or the parent's end would stay open here, and its death go unseen
        _notes = notes
        _bound_memory(memory)
        while True:
            try:
                item, seconds = pickle.loads(connection.recv_bytes())  # noqa: S301 — our own parent wrote it
            except EOFError:
                break
            _bound_time(seconds)
            connection.send_bytes(_answer(function, item, output))
        code = 0
    except BaseException:  # nothing may leave this frame: the parent's stack lies above it
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(code)


def _answer(function: Callable[[object], object], item: object, output: int) -> bytes:
    """The pickled answer; never more than `output` and a little."""
    try:
        data = pickle.dumps(Answer(function(item)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(Answer(lost="MEMORY"))
    except Exception as error:  # carried over to the parent, which raises it
        data = pickle.dumps(Answer(error=_portable(error), trace=traceback.format_exc()))
    return data if len(data) <= output else pickle.dumps(Answer(lost="OUTPUT"))


def _portable(error: Exception) -> Exception:
    """`error`, or its text where it does not survive the journey."""
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 — written in the same breath
    except Exception:
        copy = None
    return error if type(copy) is type(error) else RuntimeError(f"{type(error).__name__}: {error}")


def _bound_memory(memory: int) -> None:
    """Bounds the address space to what is there now and `memory` more, where the system knows such a bound."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 — pathlib costs more than the read
            now = int(statm.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = now + memory if hard == resource.RLIM_INFINITY else min(now + memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _bound_time(seconds: float) -> None:
    """Ends this process by its own processor time, for the case that the parent is no longer there to do it."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        limit = int(time.process_time() + seconds + 10)
        resource.setrlimit(resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
