"""What is made of git's and servers' words."""

from __future__ import annotations

import pytest

from cluster_stacks.repository.remote_words import advice, is_busy, said_by
from cluster_stacks.runtime.process import ProcessFailed


def said(stderr: str, code: int | None = 1) -> str:
    return said_by(ProcessFailed(["git", "push"], code, stderr))


def test_the_telling_lines_in_one() -> None:
    text = (
        "Enumerating objects: 5, done.\nremote: error: GH006: Protected branch update failed.        \n"
        "To https://robot:s3cr3t@git.example/x\n ! [remote rejected] a -> b (protected branch hook declined)\n"
        "error: failed to push some refs to 'https://robot:s3cr3t@git.example/x'\n"
    )
    assert said(text) == (
        "remote: error: GH006: Protected branch update failed.; ! [remote rejected] a -> b (protected branch hook "
        "declined); error: failed to push some refs to 'https://git.example/x'"
    )


LAST = "fatal: Could not read from remote repository.\n"


@pytest.mark.parametrize(("stderr", "told"), [
    (f"git@host: Permission denied (publickey).\n{LAST}\nPlease", "git@host: Permission denied (publickey)."),
    (f"ssh: connect to host x port 22: No route to host\n{LAST}", "ssh: connect to host x port 22: No route to host"),
    (LAST, "Could not read from remote repository."),
])
def test_what_says_why(stderr: str, told: str) -> None:
    assert said(stderr) == told
    assert advice(told)


def test_words_are_bounded_and_never_missing() -> None:
    assert len(said("fatal: " + "x" * 10_000)) <= 500
    assert said("") == "git ended with 1"
    assert said("stopped after 3 s", None) == "it did not answer: stopped after 3 s"


@pytest.mark.parametrize(("words", "told"), [
    ("Authentication failed for 'https://x'", "credentials"), ("The requested URL returned error: 403", "credentials"),
    ("git@host: Permission denied (publickey).", "credentials"), ("(pre-receive hook declined)", "--branch"),
    ("the remote end hung up unexpectedly", "publish again"), ("Could not resolve host: x", "publish again"),
    ("Host key verification failed.; fatal: Could not read from remote repository.", "known_hosts"),
    ("something new", ""),
])
def test_advice(words: str, told: str) -> None:
    assert told in advice(words)
    assert bool(told) is bool(advice(words))


def test_somebody_else_holds_the_branch() -> None:
    assert is_busy("! [remote rejected] x -> y (cannot lock ref 'y': is at a but expected b)")
    assert is_busy("(failed to update ref)")
    assert not is_busy("(pre-receive hook declined)")
