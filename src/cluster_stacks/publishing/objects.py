"""Writes blobs into the repository: object ids at once, the objects themselves in batches of bounded size."""

from __future__ import annotations

import hashlib

from cluster_stacks.repository.git import Git

_BATCH = 4 << 20
"""Bytes that wait for the next `git fast-import`; what bounds the memory of a publish of thousands of stacks."""


class ObjectWriter:
    """Gives the object id of every content it is handed, and has it in the repository after `flush`.

    Objects that no commit names harm nothing: an interrupted publish leaves them for `git gc`. With `dry`, nothing is
    written.
    """

    def __init__(self, git: Git, *, dry: bool = False) -> None:
        self._git = git
        self._dry = dry
        self._format = git.run("rev-parse", "--show-object-format").decode().strip()
        self._seen: set[str] = set()
        self._waiting: list[bytes] = []
        self._size = 0

    def oid(self, data: bytes) -> str:
        """The object id of a blob with this content. Writes nothing."""
        digest = hashlib.new(self._format, b"blob %d\0" % len(data), usedforsecurity=False)
        digest.update(data)
        return digest.hexdigest()

    def add(self, data: bytes) -> str:
        """As `oid`, and the blob is to be written."""
        oid = self.oid(data)
        if oid not in self._seen:
            self._seen.add(oid)
            self._keep(data)
        return oid

    def flush(self) -> None:
        """Writes what waits."""
        if self._waiting:
            stream = b"".join((*self._waiting, b"done\n"))
            self._waiting.clear()
            self._size = 0
            self._git.run("fast-import", "--quiet", "--done", stdin=stream)

    def _keep(self, data: bytes) -> None:
        if self._dry:
            return
        self._waiting.append(b"blob\ndata %d\n%b\n" % (len(data), data))
        self._size += len(data)
        if self._size >= _BATCH:
            self.flush()
