"""tools/comment: one comment, kept up to date, by a job that trusts nothing of what it posts.

GitHub cannot run here: the other side is a small server that holds comments as its API does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from lxml import html

from forge_api import BOT, ForgeApi, serving

HEAD = "a" * 40
MARKER = "<!-- cluster-stacks -->\n"
PERSON = {"type": "User", "login": "somebody"}


@pytest.fixture
def forge() -> Iterator[ForgeApi]:
    with serving(ForgeApi(HEAD)) as server:
        yield server


class Comment:
    """The script, with a folder and an event."""

    def __init__(self, root: Path, forge: ForgeApi, folder: Path) -> None:
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
def comment(root: Path, forge: ForgeApi, tmp_path: Path) -> Comment:
    return Comment(root, forge, tmp_path)


def test_a_comment_is_made_edited_and_left_alone(comment: Comment, forge: ForgeApi) -> None:
    comment.write(a="first\n", b="second\n")
    assert comment.make()[0] == 0
    assert comment.post() == (0, "commented on pull request 7\n")
    assert [one["body"] for one in forge.comments] == [MARKER + "first\n\nsecond\n"]
    assert comment.post() == (0, "the comment on pull request 7 says so already\n")
    comment.write(b="third\n")
    comment.make()
    assert comment.post() == (0, "edited the comment on pull request 7\n")
    assert [one["body"] for one in forge.comments] == [MARKER + "first\n\nthird\n"]


def test_it_is_found_among_many_and_no_person_can_stand_in_for_it(comment: Comment, forge: ForgeApi) -> None:
    forge.comments = [{"id": number, "user": PERSON, "body": MARKER} for number in range(230)]
    forge.comments.append({"id": 900, "user": BOT, "body": MARKER + "old"})
    comment.write(a="new")
    comment.make()
    assert comment.post()[0] == 0
    assert forge.asked[-1] == "PATCH /repos/o/r/issues/comments/900"


def test_a_check_that_could_not_tell_says_so(comment: Comment, forge: ForgeApi) -> None:
    comment.make()
    comment.post()
    assert "could not tell" in forge.comments[0]["body"]


@pytest.mark.parametrize(("state", "sha"), [("closed", HEAD), ("open", "b" * 40)])
def test_a_run_that_is_out_of_date_says_nothing(comment: Comment, forge: ForgeApi, state: str, sha: str) -> None:
    forge.pull = {"state": state, "head": {"sha": sha}}
    comment.make()
    code, told = comment.post()
    assert (code, forge.comments) == (0, [])
    assert "no comment" in told


@pytest.mark.parametrize("number", ["", "7/../8", "-7", "7; true", "99999999999", "\u0667"])
def test_a_number_that_is_none_reaches_no_address(comment: Comment, forge: ForgeApi, number: str) -> None:
    comment.make()
    (comment.folder / "pull-request.txt").write_text(number, encoding="utf-8")
    assert comment.post()[0] == 2
    assert forge.asked == []


def test_another_pull_request_is_not_commented_on(comment: Comment, forge: ForgeApi) -> None:
    """The number comes from the run of the pull request; the commit comes from GitHub."""
    comment.make()
    assert comment.post({"workflow_run": {"event": "pull_request", "head_sha": "c" * 40}})[0] == 0
    assert forge.comments == []


@pytest.mark.parametrize("text", [b"\xff\xfe" * 100, b"x" * 10_000_000, "\u00e4".encode() * 65_536])
def test_whatever_the_text_is_it_fits(comment: Comment, forge: ForgeApi, text: bytes) -> None:
    comment.make()
    (comment.folder / "comment.txt").write_bytes(text)
    assert comment.post()[0] == 0
    assert len(forge.comments[0]["body"]) <= 65_536


@pytest.mark.parametrize("event", [{"workflow_run": {"event": "push"}}, {}])
def test_other_events_have_no_comment(comment: Comment, forge: ForgeApi, event: object) -> None:
    comment.event.write_text("{}")
    assert comment.run("post", event) == (0, "the run was not for a pull request: no comment\n")
    assert comment.run("make", event)[0] == 0
    assert not (comment.folder / "comment.txt").exists()


@pytest.mark.parametrize("event", [[], "x", None])
def test_an_event_that_is_none(comment: Comment, event: object) -> None:
    assert comment.run("make", event)[0] == 2


@pytest.mark.parametrize(("code", "says"), [(403, "pull-requests: write"), (500, "answered with 500")])
def test_a_forge_that_refuses(comment: Comment, forge: ForgeApi, code: int, says: str) -> None:
    comment.make()
    forge.answers = code
    ended, told = comment.post()
    assert ended == 2
    assert says in told
    assert "secret" not in told


def test_a_part_without_room_leaves_its_heading(comment: Comment, forge: ForgeApi) -> None:
    comment.write(a="### a: 9 errors\n" + "x" * 40_000 + "\n", b="### b\n" + "<details>y" * 4_000, c="### c: fine\n")
    comment.make()
    comment.post()
    body = forge.comments[0]["body"]
    assert len(body) < 65_536
    assert "<details>" not in body
    assert body.index("### a: 9 errors") < body.index("### b\n\nThe rest does not fit") < body.index("### c: fine")


@pytest.mark.parametrize("text", [
    "@org/team", "\\@org", "&#64;org", "&#x40;org", "&#64org", "&commat;org", "<!---->@org", "a&#8203;@org",
    "\u00e4@org", "<b>&#064;org</b>", "<br>@org", "x @\u200e\u202eorg", "- @org", "| @org |", "@\x00org",
])
def test_nobody_is_mentioned_whatever_the_text_is(comment: Comment, forge: ForgeApi, text: str) -> None:
    comment.write(a="said")
    comment.make()
    (comment.folder / "comment.txt").write_text(text, encoding="utf-8")
    assert comment.post()[0] == 0
    page = github_flavored_markdown_to_html(forge.comments[0]["body"], options=Options.CMARK_OPT_UNSAFE)
    shown = html.document_fromstring(f"<body>{page}</body>").text_content()
    assert "org" in shown
    assert not re.search(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9])", shown)


def test_what_our_reports_say_stays_as_it_is(comment: Comment, forge: ForgeApi) -> None:
    """A person copies commands from it: an image by its digest, an address, what stands in a diff."""
    said = "<code>node&#64;<!---->sha256</code> a&#64;b `kindest/node@sha256:0` &#64;&#8203;org\n\tx\n"
    comment.write(a=said)
    comment.make()
    comment.post()
    assert forge.comments[0]["body"] == MARKER + said
