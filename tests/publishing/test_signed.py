"""Signatures with real keys, made here: of the commits that we make, and of those that we publish from."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.publishing.signed import require_signed
from cluster_stacks.publishing.source import read_source

Make = Callable[..., Any]
WHO = "A Tester <tester@example.invalid>"


@pytest.fixture
def ssh(repo: Any, tmp_path: Path) -> Path:
    """An ssh key that git signs with, and trusts. Gives the file of those that it trusts."""
    assert shutil.which("ssh-keygen"), "ssh-keygen is needed to sign"
    key, signers = tmp_path / "key", tmp_path / "signers"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers.write_text(f"tester@example.invalid {(tmp_path / 'key.pub').read_text()}")
    for name, value in {
        "gpg.format": "ssh", "user.signingKey": str(key), "commit.gpgSign": "true",
        "gpg.ssh.allowedSignersFile": str(signers),
    }.items():
        repo.git("config", name, value)
    return signers


@pytest.fixture
def gpg(repo: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A gpg key that git signs with, in a home of its own: its agent's socket needs a short path."""
    assert shutil.which("gpg"), "gpg is needed to sign"
    home = tempfile.mkdtemp(prefix="gpg-", dir="/tmp")
    monkeypatch.setenv("GNUPGHOME", home)
    command = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", WHO, "ed25519", "sign", "never"]
    subprocess.run(command, check=True, capture_output=True)
    repo.git("config", "user.signingKey", "tester@example.invalid")
    repo.git("config", "commit.gpgSign", "true")
    yield
    subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


def check(repo: Any, commit: str = "HEAD") -> None:
    git = repo.ask
    require_signed(git, read_source(git, git.commit(commit)))


def refused(repo: Any, commit: str = "HEAD") -> str:
    with pytest.raises(Refused) as caught:
        check(repo, commit)
    [finding] = caught.value.findings
    assert finding.rule == "CS571"
    return finding.message


def test_ssh(repo: Any, ssh: Path, release: Make) -> None:
    repo.commit("Signed")
    check(repo)
    outcome = repo.publish([release()])
    assert "BEGIN SSH SIGNATURE" in repo.git("cat-file", "-p", outcome.commit)
    repo.git("verify-commit", outcome.commit)
    assert "is not signed" in refused(repo, "HEAD^")
    ssh.write_text("")
    assert "is not good" in refused(repo)


def test_ssh_that_is_not_configured_to_check_cannot_tell(repo: Any, ssh: Path) -> None:
    repo.commit("Signed")
    repo.git("config", "--unset", "gpg.ssh.allowedSignersFile")
    with pytest.raises(CannotTell, match="allowedSignersFile"):
        check(repo)


@pytest.mark.usefixtures("gpg")
def test_gpg(repo: Any, release: Make) -> None:
    repo.commit("Signed")
    check(repo)
    outcome = repo.publish([release()])
    assert "BEGIN PGP SIGNATURE" in repo.git("cat-file", "-p", outcome.commit)
    repo.git("verify-commit", outcome.commit)
    repo.git("config", "gpg.program", "/nowhere/gpg")
    with pytest.raises(CannotTell, match="cannot check the signature"):
        check(repo)


def test_a_commit_that_was_changed_after_it_was_signed(repo: Any, ssh: Path) -> None:
    repo.commit("Signed")
    text = repo.git("cat-file", "commit", "HEAD").replace("\n\nSigned", "\n\nForged") + "\n"
    forged = repo.git("hash-object", "-w", "-t", "commit", "--stdin", stdin=text)
    assert "is not good" in refused(repo, forged)


def test_a_key_that_cannot_sign_leaves_the_branch(repo: Any, ssh: Path, release: Make) -> None:
    repo.git("config", "user.signingKey", "/nowhere/key")
    with pytest.raises(CannotTell, match=r"could not be signed: git commit-tree: .*user\.signingKey"):
        repo.publish([release()])
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""


def test_author_and_committer_are_those_of_git(repo: Any, release: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.git("config", "user.name", "By Config")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "By Environment")
    repo.publish([release()])
    who = repo.git("log", "-1", "--format=%an <%ae>, %cn <%ce>", "rendered")
    assert who == "By Config <tester@example.invalid>, By Environment <tester@example.invalid>"
    assert "GIT_AUTHOR_NAME" not in os.environ
