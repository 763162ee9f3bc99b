"""The only place that asks the network for a file: one that a person named, over https, of a bounded size and time."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from cluster_stacks.model.errors import CannotTell

SIZE = 32 * 1024 * 1024
SECONDS = 60.0
SCHEME = "https"
_PIECE = 64 * 1024


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme != SCHEME:
            raise CannotTell(f"{shown(req.full_url)} leads to an address that is not https: name the file itself")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, *, size: int = SIZE, seconds: float = SECONDS) -> bytes:
    """The bytes at an https address.

    `size` is in bytes, `seconds` bound the whole answer. Redirections stay on https; proxies and certificates are those
    of the environment. Raises CannotTell for any other address, one with a password in it, and any failure.
    """
    parts = urlsplit(url)
    if parts.scheme != SCHEME or not parts.hostname:
        raise CannotTell(f"{shown(url)} is not https: fetch it yourself, and name the file")
    if parts.username is not None or parts.password is not None:
        raise CannotTell(f"{shown(url)} holds credentials: fetch it yourself, and name the file")
    until = time.monotonic() + seconds
    try:
        with urllib.request.build_opener(_OnlyHttps).open(url, timeout=seconds) as answer:
            return _read(answer, url, size, until)
    except urllib.error.HTTPError as error:
        raise CannotTell(f"{shown(url)}: the server answers {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise CannotTell(f"cannot fetch {shown(url)}: {reason}") from error


def shown(url: str) -> str:
    """An address without what may be a secret: user, password, query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="", fragment="").geturl()


def _read(answer: IO[bytes], url: str, size: int, until: float) -> bytes:
    found = bytearray()
    # One piece of what is there at a time: an answer of one byte a second ends in time.
    read = getattr(answer, "read1", answer.read)
    while piece := read(_PIECE):
        found += piece
        if len(found) > size:
            most = f"{size // 1024 // 1024} MiB"
            raise CannotTell(f"{shown(url)} is larger than {most}: fetch it yourself, and name files of it")
        if time.monotonic() > until:
            raise CannotTell(f"{shown(url)} does not come to an end in time: fetch it yourself, and name the file")
    return bytes(found)
