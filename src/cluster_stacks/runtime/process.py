"""The only place that starts a process."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell


class ProcessFailed(Exception):  # noqa: N818 — reads as what happened
    """A process ended with an exit code that its caller did not expect, or ran out of time."""

    def __init__(self, argv: Sequence[str], code: int | None, stderr: str) -> None:
        self.argv, self.code, self.stderr = tuple(argv), code, stderr.strip()
        how = "ran out of time" if code is None else f"ended with {code}"
        super().__init__(f"{shlex.join(argv)} {how}" + (f": {self.stderr}" if self.stderr else ""))


class Completed(NamedTuple):
    """What a process said: its exit code, and both streams as bytes."""

    code: int
    stdout: bytes
    stderr: bytes


def run(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,
    ok: Collection[int] = (0,),
) -> Completed:
    """Runs `argv` without a shell and waits for it.

    `env` replaces the whole environment; `timeout` is in seconds and ends the process and all that it started.
    Raises CannotTell where the program does not exist, ProcessFailed for a code that is not in `ok` or a timeout.
    """
    words = [os.fsdecode(word) for word in argv]
    try:
        process = subprocess.Popen(
            words, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=timeout is not None,
        )
    except FileNotFoundError as error:
        raise CannotTell(f"cannot run {words[0]}: {error.strerror}") from error
    with process:
        try:
            stdout, stderr = process.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise ProcessFailed(words, None, f"stopped after {timeout} s") from None
        except BaseException:
            process.kill()
            raise
    if process.returncode not in ok:
        raise ProcessFailed(words, process.returncode, stderr.decode("utf-8", "replace"))
    return Completed(process.returncode, stdout, stderr)


def start(
    argv: Sequence[str | os.PathLike[str]], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Starts a process that answers on stdout what it is asked on stdin; closing stdin ends it. stderr is dropped.

    Raises CannotTell where the program does not exist.
    """
    words = [os.fsdecode(word) for word in argv]
    try:
        return subprocess.Popen(
            words, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except FileNotFoundError as error:
        raise CannotTell(f"cannot run {words[0]}: {error.strerror}") from error


@contextlib.contextmanager
def background(
    argv: Sequence[str | os.PathLike[str]], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """As `start`, for a process that works while the caller does; it is over when the block is, whatever happens."""
    process = start(argv, cwd=cwd, env=env)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
