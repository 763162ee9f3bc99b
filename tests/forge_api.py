"""The part of GitHub's API that a comment takes, as a small server on this machine: one pull request, its comments."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = {"type": "Bot", "login": "github-actions[bot]"}


class ForgeApi(ThreadingHTTPServer):
    """A forge with one pull request."""

    def __init__(self, head: str, repository: str = "o/r") -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.pull: dict[str, Any] = {"state": "open", "head": {"sha": head}}
        self.path = f"/repos/{repository}"
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.answers = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: ForgeApi

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.asked.append(f"GET {url.path}")
        if url.path == f"{self.server.path}/pulls/7":
            self.answer(self.server.pull)
        elif url.path == f"{self.server.path}/issues/7/comments":
            page, size = (int(parse_qs(url.query)[name][0]) for name in ("page", "per_page"))
            self.answer(self.server.comments[(page - 1) * size:page * size])
        else:
            self.answer({}, 404)

    def do_POST(self) -> None:
        self.server.asked.append(f"POST {self.path}")
        self.server.comments.append({"id": 1000 + len(self.server.comments), "user": BOT, **self.body()})
        self.answer({}, 201)

    def do_PATCH(self) -> None:
        self.server.asked.append(f"PATCH {self.path}")
        number = int(self.path.rpartition("/")[2])
        next(comment for comment in self.server.comments if comment["id"] == number).update(self.body())
        self.answer({})

    def body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, value: object, code: int = 200) -> None:
        self.send_response(self.server.answers or code)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def serving(server: ForgeApi) -> Iterator[ForgeApi]:
    """The server, answering until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
