"""Reads many objects through one `git cat-file --batch`."""

from __future__ import annotations

import os
import subprocess
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell

LARGEST = 64 * 2**20
"""Bytes of the largest object that is read. An image or an archive of that size does not belong in Git."""

LACKING = "in a partial clone run `git fetch --refetch --no-filter`, in any other `git fsck`"
"""What to do where an object is missing. Nothing is fetched unasked."""

# The names of one chunk fit into the pipe, so that writing them never waits for the replies to be read.
_CHUNK_NAMES, _CHUNK_BYTES = 256, 32 * 2**10
_STEP = 2**20


class GitObject(NamedTuple):
    """One object of the repository; `data` is empty where `size` exceeds LARGEST."""

    oid: str
    type: str
    size: int
    data: bytes

    @property
    def too_large(self) -> bool:
        return self.size > LARGEST


class Batch:
    """A `git cat-file --batch` that is started when first asked and ends with this object."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start = start
        self._process: subprocess.Popen[bytes] | None = None
        self._inherited: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._end: weakref.finalize[..., Batch] | None = None

    def read(self, names: Sequence[str]) -> list[GitObject | None]:
        """The objects that `names` mean (`<oid>`, `<revision>:<path>`), in their order; None where there is none.

        A name must not hold a line end: git reads one a line. Raises CannotTell where git ends early.
        """
        found: list[GitObject | None] = []
        for chunk in _chunks([os.fsencode(name) for name in names]):
            process = self._running()
            assert process.stdin
            try:
                process.stdin.write(b"\n".join(chunk) + b"\n")
                process.stdin.flush()
            except BrokenPipeError:
                self.close()
                raise CannotTell("git cat-file ended early: run `git fsck`") from None
            found += [self._reply(process, name) for name in chunk]
        return found

    def close(self) -> None:
        """Ends the process, if there is one."""
        if self._end is not None and self._owner == os.getpid():
            self._end()
        self._process = self._end = None

    def _running(self) -> subprocess.Popen[bytes]:
        # A forked worker shares the parent's pipes and must not talk through them.
        if self._process is None or self._owner != os.getpid():
            if self._end is not None:
                self._end.detach()
                self._inherited = self._process
            self._process, self._owner = self._start(), os.getpid()
            self._end = weakref.finalize(self, _stop, self._process, self._owner)
        return self._process

    def _reply(self, process: subprocess.Popen[bytes], name: bytes) -> GitObject | None:
        assert process.stdout
        header = process.stdout.readline()
        if header.startswith(name + b" ") and header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        words = header.split()
        if len(words) != 3 or not words[2].isdigit():
            self.close()
            raise CannotTell(f"git cannot read an object of this repository: {LACKING}")
        size = int(words[2])
        data = _taken(process, size)
        return GitObject(words[0].decode(), words[1].decode(), size, data)


def _taken(process: subprocess.Popen[bytes], size: int) -> bytes:
    """The `size` bytes of a reply and the line end after them; nothing of what is too large is kept."""
    assert process.stdout
    if size <= LARGEST:
        return process.stdout.read(size + 1)[:-1]
    left = size + 1
    while left > 0:
        got = len(process.stdout.read(min(left, _STEP)))
        left = left - got if got else 0
    return b""


def _chunks(names: Sequence[bytes]) -> list[list[bytes]]:
    chunks: list[list[bytes]] = []
    room = 0
    for name in names:
        assert b"\n" not in name, "git cat-file --batch reads one name a line"
        if not chunks or len(chunks[-1]) >= _CHUNK_NAMES or room < len(name) + 1:
            chunks.append([])
            room = _CHUNK_BYTES
        chunks[-1].append(name)
        room -= len(name) + 1
    return chunks


def _stop(process: subprocess.Popen[bytes], owner: int) -> None:
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(BrokenPipeError):
                stream.close()
    if owner == os.getpid():
        # A forked worker may hold a copy of the pipe, and then closing ours tells git nothing.
        process.terminate()
        process.wait()
