"""Packed charts, read in memory: a stranger's archive, of which nothing is believed and nothing is written to disk."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

UNPACKED = 64 * 1024 * 1024
"""Bytes that an archive may unpack to. Large charts have 5 MB."""
MEMBERS = 10_000


class BadArchive(ValueError):  # noqa: N818 — reads as what it is
    """A packed chart that cannot be used; the message says why."""


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a packed chart, by their path below the one folder that it holds. Raises BadArchive."""
    try:
        files = dict(_members(_plain(data)))
    except (tarfile.TarError, EOFError, OSError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(f"it is no packed chart: {error}") from error
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1 or f"{next(iter(tops))}/Chart.yaml" not in files:
        raise BadArchive("it is no packed chart: one folder with a Chart.yaml is expected in it")
    return {path.partition("/")[2]: content for path, content in files.items()}


def _plain(data: bytes) -> bytes:
    """What the gzip file holds. Bounded while it is unpacked: a small file may hold any number of zeros."""
    found = bytearray()
    while data:
        stream = zlib.decompressobj(31)
        try:
            found += stream.decompress(data, UNPACKED - len(found) + 1)
        except zlib.error as error:
            raise BadArchive(f"it is no packed chart: {error}") from error
        if len(found) > UNPACKED:
            raise BadArchive(f"it unpacks to more than {UNPACKED >> 20} MiB")
        if not stream.eof:
            raise BadArchive("it is no packed chart: it ends in the middle")
        data = stream.unused_data.lstrip(b"\0")
    return bytes(found)


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for count, member in enumerate(archive):
            path = PurePosixPath(member.name)
            if count >= MEMBERS:
                raise BadArchive(f"it holds more than {MEMBERS:,} files")
            if path.is_absolute() or ".." in path.parts or "\\" in member.name or "\0" in member.name:
                raise BadArchive(f"a path leads out of it: {member.name[:100]!r}")
            if member.isdir():
                continue
            if not member.isfile():
                raise BadArchive(f"{member.name[:100]!r} is a link or a device, not a file")
            content = archive.extractfile(member)
            if content is not None:
                yield path.as_posix(), content.read()
