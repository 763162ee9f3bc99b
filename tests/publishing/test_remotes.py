"""A publish over every transport that git has, and against remotes that refuse, die or hang: the branch stays whole."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from git_http import serve

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.publishing import publisher, tips
from git_servers import front, ssh_command

Make = Callable[..., Any]
PUSH = {"remote": "origin", "push": True}
SECRET = "s3cr3t-token"


def open_to_push(remote: Any) -> None:
    remote.git("config", "http.receivepack", "true")


def hook(remote: Any, name: str, text: str) -> None:
    path = remote.path / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def twice(repo: Any, remote: Any, release: Make) -> None:
    """Two publishes, and another clone's between them."""
    repo.publish([release()], **PUSH)
    repo.git("clone", "-q", str(remote.path), str(remote.path.parent / "other"))
    type(repo)(remote.path.parent / "other").publish([release("docker/scs/1-35")], **PUSH)
    outcome = repo.publish([release(version="v2", content="two")], **PUSH)
    assert outcome.pushed
    assert remote.git("rev-parse", "rendered") == repo.git("rev-parse", "rendered") == outcome.commit
    assert remote.git("rev-list", "--count", "rendered") == "3"


def test_by_file_url(repo: Any, remote: Any, release: Make) -> None:
    repo.git("remote", "set-url", "origin", f"file://{remote.path}")
    twice(repo, remote, release)


def test_by_ssh(
    repo: Any, remote: Any, release: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh_command(tmp_path))
    repo.git("remote", "set-url", "origin", f"git@git.example:{remote.path}")
    twice(repo, remote, release)


def test_by_http(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    open_to_push(remote)
    with serve(tmp_path) as url:
        repo.git("remote", "set-url", "origin", f"{url}/origin.git")
        twice(repo, remote, release)


@pytest.mark.parametrize(("name", "text", "told"), [
    ("pre-receive", "echo 'GH006: Protected branch update failed' >&2; exit 1", "GH006: Protected branch"),
    ("update", 'echo "deny updating $1" >&2; exit 1', "deny updating refs/heads/rendered"),
    ("pre-receive", "exit 1", "pre-receive hook declined"),
    # A receive-pack that is killed, before it took anything.
    ("pre-receive", "kill -9 $PPID; sleep 1", "hung up"),
    ("update", "kill -9 $PPID; sleep 1", "hung up"),
])
def test_a_remote_that_refuses_or_dies(
    repo: Any, remote: Any, release: Make, name: str, text: str, told: str
) -> None:
    first = repo.publish([release()], **PUSH)
    hook(remote, name, text)
    with pytest.raises(CannotTell) as caught:
        repo.publish([release(version="v2", content="two")], **PUSH)
    message = str(caught.value)
    assert told in message
    assert "the branch is as it was" in message
    assert "\n" not in message
    assert remote.git("rev-parse", "rendered") == repo.git("rev-parse", "rendered") == first.commit
    (remote.path / "hooks" / name).unlink()
    assert repo.publish([release(version="v2", content="two")], **PUSH).pushed


def test_a_remote_that_took_it_and_died_before_it_said_so(repo: Any, remote: Any, release: Make) -> None:
    repo.publish([release()], **PUSH)
    hook(remote, "post-receive", "kill -9 $PPID; sleep 1")
    outcome = repo.publish([release(version="v2", content="two")], **PUSH)
    assert outcome.pushed
    assert remote.git("rev-parse", "rendered") == repo.git("rev-parse", "rendered") == outcome.commit


def test_a_ref_that_somebody_holds_is_tried_again(
    repo: Any, remote: Any, release: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.publish([release()], **PUSH)
    lock = remote.path / "refs" / "heads" / "rendered.lock"
    lock.touch()
    timer = threading.Timer(1.0, lock.unlink)
    timer.start()
    assert repo.publish([release(version="v2", content="two")], **PUSH).pushed
    timer.join()
    lock.touch()
    monkeypatch.setattr(publisher, "ATTEMPTS", 2)
    with pytest.raises(CannotTell, match=r"cannot lock ref.*2 times in a row"):
        repo.publish([release(version="v3", content="three")], **PUSH)


def test_a_lock_of_this_clone_that_a_killed_process_left(
    repo: Any, release: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tips, "_LOCK_WAIT", "core.filesRefLockTimeout=100")
    repo.publish([release()])
    lock = tmp_path / "stacks" / ".git" / "refs" / "heads" / "rendered.lock"
    lock.touch()
    with pytest.raises(CannotTell, match=r"rendered\.lock.*remove that file"):
        repo.publish([release(version="v2", content="two")])
    lock.unlink()
    assert repo.publish([release(version="v2", content="two")]).commit


def test_a_connection_that_is_cut(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    first = repo.publish([release()], **PUSH)
    open_to_push(remote)
    with front(tmp_path, fault="cut") as port:
        repo.git("remote", "set-url", "origin", f"http://127.0.0.1:{port}/origin.git")
        with pytest.raises(CannotTell, match="publish again when the remote is well"):
            repo.publish([release(version="v2", content="two")], **PUSH)
    assert remote.git("rev-parse", "rendered") == repo.git("rev-parse", "rendered") == first.commit


def test_a_remote_that_hangs(
    repo: Any, remote: Any, release: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repo.publish([release()], **PUSH)
    open_to_push(remote)
    monkeypatch.setenv("CLUSTER_STACKS_REMOTE_TIMEOUT", "1.5")
    with front(tmp_path, fault="hang") as port:
        repo.git("remote", "set-url", "origin", f"http://127.0.0.1:{port}/origin.git")
        began = time.monotonic()
        with pytest.raises(CannotTell, match=r"did not answer: stopped after 1.5 s"):
            repo.publish([release(version="v2", content="two")], **PUSH)
        assert time.monotonic() - began < 15
    assert remote.git("rev-parse", "rendered") == first.commit


def test_the_notes_of_the_remote_count(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    """Another clone noted a newer source: this one, which has no notes, takes drySha back to no older one."""
    repo.publish([release()], **PUSH)
    middle = repo.commit("Middle")
    newest = repo.commit("Newest")
    repo.git("push", "-q", "origin", "main")
    repo.git("clone", "-q", str(remote.path), str(tmp_path / "other"))
    repo.publish([release()], **PUSH)
    assert remote.git("for-each-ref", "refs/notes")
    other = type(repo)(tmp_path / "other")
    assert other.git("for-each-ref", "refs/notes") == ""
    assert other.publish([release(version="v2", content="two")], **PUSH, head=middle).outdated
    assert f'"drySha": "{newest}"' in other.show("hydrator.metadata")


def test_a_branch_that_was_set_back_stays_so(repo: Any, remote: Any, release: Make) -> None:
    """Somebody took a bad publish off the remote: this clone, which made it, does not bring it back."""
    first = repo.publish([release()], **PUSH)
    bad = repo.publish([release(version="v2", content="bad")], **PUSH)
    remote.git("update-ref", "refs/heads/rendered", first.commit)
    outcome = repo.publish([release(version="v2", content="good")], **PUSH)
    assert outcome.before == first.commit
    assert remote.git("rev-parse", "rendered^") == first.commit
    assert repo.git("rev-parse", "rendered") == bad.commit
    assert "differs from the remote's" in outcome.notes[0]


def test_a_dry_run_leaves_no_trace_of_the_remote(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    repo.publish([release()], **PUSH)
    repo.git("clone", "-q", "--single-branch", str(remote.path), str(tmp_path / "fresh"))
    fresh = type(repo)(tmp_path / "fresh")
    fresh.git("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    before = fresh.git("for-each-ref")
    outcome = fresh.publish([release(version="v2", content="two")], **PUSH, dry_run=True)
    assert outcome.before == remote.git("rev-parse", "rendered")
    assert fresh.git("for-each-ref") == before
    assert not (fresh.path / ".git" / "FETCH_HEAD").exists()
    assert remote.git("rev-list", "--count", "rendered") == "1"


@contextmanager
def command_lines() -> Iterator[list[str]]:
    """The arguments of every process of this machine, looked at all the time."""
    seen: set[str] = set()
    found: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for process in Path("/proc").iterdir():
                with suppress(OSError):  # no process, or it has ended
                    words = (process / "cmdline").read_bytes() if process.name.isdigit() else b""
                    seen.add(words.replace(b"\0", b" ").decode(errors="replace"))

    thread = threading.Thread(target=look)
    thread.start()
    yield found
    done.set()
    thread.join()
    found += seen


@pytest.mark.skipif(sys.platform == "darwin", reason="no /proc")
@pytest.mark.parametrize("where", ["url", "insteadOf", "pushurl"])
def test_a_password_in_the_url_is_no_argument_of_a_process(
    repo: Any, remote: Any, release: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str], where: str
) -> None:
    open_to_push(remote)
    with front(tmp_path, password=f"robot:{SECRET}") as port:
        host, secret = f"http://127.0.0.1:{port}", f"http://robot:{SECRET}@127.0.0.1:{port}"
        repo.git("remote", "set-url", "origin", f"{host if where == 'insteadOf' else secret}/origin.git")
        if where == "insteadOf":
            repo.git("config", f"url.{secret}.insteadOf", host)
        if where == "pushurl":
            repo.git("remote", "set-url", "--push", "origin", f"{secret}/origin.git")
        with command_lines() as lines:
            assert repo.publish([release()], **PUSH).pushed
        assert any("remote-http" in line for line in lines)
        assert not [line for line in lines if SECRET in line]
    assert SECRET not in "".join(capfd.readouterr())
    assert remote.git("rev-parse", "rendered") == repo.git("rev-parse", "rendered")


def test_a_wrong_password_is_told_without_it(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    with front(tmp_path, password="robot:another") as port:
        repo.git("remote", "set-url", "origin", f"http://robot:{SECRET}@127.0.0.1:{port}/origin.git")
        with pytest.raises(CannotTell) as caught:
            repo.publish([release()], **PUSH)
    assert SECRET not in str(caught.value)
    assert re.search(r"remote origin: Authentication failed .*set up its credentials", str(caught.value))
