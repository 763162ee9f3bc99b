"""What is slow to make, kept on disk by what it was made of. Everything here may be deleted at any time.

An entry is found by a digest of all that it depends on, so none is ever stale. Nothing is written where there is no
home, and nothing that goes wrong here is an error: it is made again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cluster_stacks.runtime.files import put

LARGEST = 512 * 1024 * 1024
"""Bytes that all entries of one cache may have before the oldest go."""
_EVERY = 64
"""The size is looked at once in so many entries."""


def cache_folder() -> Path | None:
    """`$XDG_CACHE_HOME/cluster-stacks`, or `~/.cache/cluster-stacks`; None where there is no home."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if named.startswith("/"):
        return Path(named) / "cluster-stacks"
    home = os.environ.get("HOME", "")
    return Path(home) / ".cache" / "cluster-stacks" if home.startswith("/") else None


class Cache:
    """Entries of one kind, for this user alone. Several processes may use it at a time."""

    def __init__(self, name: str) -> None:
        folder = cache_folder()
        self._folder = folder / name if folder else None
        self._put = 0

    def get(self, key: str) -> bytes | None:
        """What was put under a key: hex digits."""
        if self._folder is None:
            return None
        try:
            return (self._folder / key[:2] / key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, data: bytes) -> None:
        """Keeps an entry, as far as that is possible."""
        if self._folder is None:
            return
        with suppress(OSError):
            place = self._folder / key[:2]
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            put(place / key, data, 0o600)
            if self._put % _EVERY == 0:
                self._shrink(self._folder)
            self._put += 1

    @staticmethod
    def _shrink(folder: Path) -> None:
        """Removes the older half where there is too much."""
        found = [(path.stat().st_mtime, path.stat().st_size, path) for path in folder.glob("??/*")]
        if sum(size for _, size, _ in found) > LARGEST:
            for _, _, path in sorted(found)[: len(found) // 2]:
                with suppress(OSError):
                    path.unlink()
