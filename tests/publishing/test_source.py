"""How a source commit is told of."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from cluster_stacks.publishing.source import SourceCommit, commit_message, hydrator_metadata, read_source

OID = "a" * 40


@pytest.mark.parametrize(("name", "address"), [
    ("A Tester", "A Tester <t@x>"),
    ("Tester, A. (he)", '"Tester, A. (he)" <t@x>'),
    ('A "T" \\ester', '"A \\"T\\" \\\\ester" <t@x>'),
    ("Jürgen", "Jürgen <t@x>"),
])
def test_authors_are_addresses(repo: Any, monkeypatch: pytest.MonkeyPatch, name: str, address: str) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", name)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "t@x")
    source = read_source(repo.ask, repo.commit())
    # git itself takes some characters off the ends of a name; what is left is quoted.
    assert source.author == address


def test_settings_of_the_user_change_nothing(repo: Any) -> None:
    oid = repo.commit("Grüße\n\nText")
    plain = read_source(repo.ask, oid)
    repo.git("config", "log.showSignature", "true")
    repo.git("config", "i18n.logOutputEncoding", "ISO-8859-1")
    repo.git("config", "log.date", "relative")
    repo.git("config", "log.decorate", "full")
    assert read_source(repo.ask, oid) == plain
    assert (plain.subject, plain.body, plain.short) == ("Grüße", "Text", oid[:7])


def test_a_message_in_another_encoding_is_read(repo: Any) -> None:
    tree = repo.git("rev-parse", "HEAD^{tree}")
    done = subprocess.run(
        ["git", "-c", "i18n.commitEncoding=ISO-8859-1", "commit-tree", tree], cwd=repo.path,
        input="Grüße\n".encode("latin-1"), capture_output=True, check=True,
    )
    assert read_source(repo.ask, done.stdout.decode().strip()).subject == "Grüße"


def test_no_trailer_runs_over_its_line() -> None:
    source = SourceCommit(OID, "A <a@x>", "2026-01-02T03:04:05+00:00", "one\x1b[2Jtwo\u2028three", 'b"\nArgocd: x\n')
    lines = commit_message(source, "").rstrip("\n").split("\n")
    assert lines[1] == ""
    assert all(line.startswith("Argocd-reference-commit-") for line in lines[2:])
    assert not any("repourl" in line for line in lines)


def test_a_commit_without_a_message() -> None:
    assert commit_message(SourceCommit(OID, "A <a@x>", "", "", ""), "").startswith(f"{OID[:7]}: (no message)\n\n")


def test_no_url_is_no_key() -> None:
    source = SourceCommit(OID, "A <a@x>", "", "s", "")
    assert "repoURL" not in hydrator_metadata(source, "")
    assert list(hydrator_metadata(source, "https://x"))[:2] == ["drySha", "repoURL"]
