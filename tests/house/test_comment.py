"""tools/comment: one comment, kept up to date, by a job that trusts nothing of what it posts.

GitHub cannot run here: the other side is a small server that holds comments as its API does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

HEAD = "a" * 40
MARKER = "<!-- cluster-stacks -->\n"
BOT = {"type": "Bot", "login": "github-actions[bot]"}
PERSON = {"type": "User", "login": "somebody"}


class Forge(ThreadingHTTPServer):
    """A forge with one pull request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.pull: dict[str, Any] = {"state": "open", "head": {"sha": HEAD}}
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.answers = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Forge

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.asked.append(f"GET {url.path}")
        if url.path == "/repos/o/r/pulls/7":
            self.answer(self.server.pull)
        elif url.path == "/repos/o/r/issues/7/comments":
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


@pytest.fixture
def forge() -> Iterator[Forge]:
    server = Forge()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Comment:
    """The script, with a folder and an event."""

    def __init__(self, root: Path, forge: Forge, folder: Path) -> None:
        self.script, self.forge, self.folder = root / "tools" / "comment", forge, folder / "said"
        self.event = folder / "event.json"
        self.folder.mkdir()

    def run(self, step: str, event: object) -> tuple[int, str]:
        self.event.write_text(json.dumps(event))
        env = {
            **os.environ, "GITHUB_EVENT_PATH": str(self.event), "GITHUB_REPOSITORY": "o/r", "GITHUB_TOKEN": "secret",
            "GITHUB_API_URL": self.forge.url,
        }
        command = [sys.executable, "-I", str(self.script), step, str(self.folder)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    def make(self, event: object = None) -> tuple[int, str]:
        return self.run("make", event or {"pull_request": {"number": 7}})

    def post(self, event: object = None) -> tuple[int, str]:
        return self.run("post", event or {"workflow_run": {"event": "pull_request", "head_sha": HEAD}})

    def write(self, **parts: str) -> None:
        for name, text in parts.items():
            (self.folder / f"{name}.md").write_text(text)


@pytest.fixture
def comment(root: Path, forge: Forge, tmp_path: Path) -> Comment:
    return Comment(root, forge, tmp_path)


def test_a_comment_is_made_edited_and_left_alone(comment: Comment, forge: Forge) -> None:
    comment.write(a="first\n", b="second\n")
    assert comment.make()[0] == 0
    assert comment.post() == (0, "commented on pull request 7\n")
    assert [one["body"] for one in forge.comments] == [MARKER + "first\n\nsecond\n"]
    assert comment.post() == (0, "the comment on pull request 7 says so already\n")
    comment.write(b="third\n")
    comment.make()
    assert comment.post() == (0, "edited the comment on pull request 7\n")
    assert [one["body"] for one in forge.comments] == [MARKER + "first\n\nthird\n"]


def test_it_is_found_among_many_and_no_person_can_stand_in_for_it(comment: Comment, forge: Forge) -> None:
    forge.comments = [{"id": number, "user": PERSON, "body": MARKER} for number in range(230)]
    forge.comments.append({"id": 900, "user": BOT, "body": MARKER + "old"})
    comment.write(a="new")
    comment.make()
    assert comment.post()[0] == 0
    assert forge.asked[-1] == "PATCH /repos/o/r/issues/comments/900"


def test_a_check_that_could_not_tell_says_so(comment: Comment, forge: Forge) -> None:
    comment.make()
    comment.post()
    assert "could not tell" in forge.comments[0]["body"]


@pytest.mark.parametrize(("state", "sha"), [("closed", HEAD), ("open", "b" * 40)])
def test_a_run_that_is_out_of_date_says_nothing(comment: Comment, forge: Forge, state: str, sha: str) -> None:
    forge.pull = {"state": state, "head": {"sha": sha}}
    comment.make()
    code, told = comment.post()
    assert (code, forge.comments) == (0, [])
    assert "no comment" in told


@pytest.mark.parametrize("number", ["", "7/../8", "-7", "7; true", "99999999999", "\u0667"])
def test_a_number_that_is_none_reaches_no_address(comment: Comment, forge: Forge, number: str) -> None:
    comment.make()
    (comment.folder / "pull-request.txt").write_text(number, encoding="utf-8")
    assert comment.post()[0] == 2
    assert forge.asked == []


def test_another_pull_request_is_not_commented_on(comment: Comment, forge: Forge) -> None:
    """The number comes from the run of the pull request; the commit comes from GitHub."""
    comment.make()
    assert comment.post({"workflow_run": {"event": "pull_request", "head_sha": "c" * 40}})[0] == 0
    assert forge.comments == []


@pytest.mark.parametrize("text", [b"\xff\xfe" * 100, b"x" * 10_000_000, "\u00e4".encode() * 65_536])
def test_whatever_the_text_is_it_fits(comment: Comment, forge: Forge, text: bytes) -> None:
    comment.make()
    (comment.folder / "comment.txt").write_bytes(text)
    assert comment.post()[0] == 0
    assert len(forge.comments[0]["body"]) <= 65_536


@pytest.mark.parametrize("event", [{"workflow_run": {"event": "push"}}, {}])
def test_other_events_have_no_comment(comment: Comment, forge: Forge, event: object) -> None:
    comment.event.write_text("{}")
    assert comment.run("post", event) == (0, "the run was not for a pull request: no comment\n")
    assert comment.run("make", event)[0] == 0
    assert not (comment.folder / "comment.txt").exists()


@pytest.mark.parametrize("event", [[], "x", None])
def test_an_event_that_is_none(comment: Comment, event: object) -> None:
    assert comment.run("make", event)[0] == 2


@pytest.mark.parametrize(("code", "says"), [(403, "pull-requests: write"), (500, "answered with 500")])
def test_a_forge_that_refuses(comment: Comment, forge: Forge, code: int, says: str) -> None:
    comment.make()
    forge.answers = code
    ended, told = comment.post()
    assert ended == 2
    assert says in told
    assert "secret" not in told
