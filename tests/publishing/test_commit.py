"""Trees and commits by plumbing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.publishing.commit import commit_tree, require_identity, write_tree
from cluster_stacks.publishing.objects import ObjectWriter


def test_a_tree_keeps_what_is_not_named(repo: Any) -> None:
    writer = ObjectWriter(repo.ask)
    new = writer.add(b"new\n")
    writer.flush()
    tree = write_tree(repo.ask, "HEAD", {"a/b": new})
    assert repo.git("ls-tree", "-r", "--name-only", tree).splitlines() == ["a/b", "providers/note"]
    assert repo.git("cat-file", "-p", f"{tree}:a/b") == "new"


def test_a_file_takes_the_place_of_a_folder(repo: Any) -> None:
    writer = ObjectWriter(repo.ask)
    new = writer.add(b"new\n")
    writer.flush()
    head = repo.git("rev-parse", "HEAD")
    tree = write_tree(repo.ask, head, {"providers": new, "providers/note": None})
    assert repo.git("ls-tree", "-r", "--name-only", tree) == "providers"


def test_the_index_of_the_user_is_not_touched(repo: Any) -> None:
    (repo.path / "staged").write_text("x")
    repo.git("add", "staged")
    repo.git("config", "core.splitIndex", "true")
    write_tree(repo.ask, repo.git("rev-parse", "HEAD"), {})
    assert list((repo.path / ".git").glob("sharedindex.*")) == []
    assert repo.git("status", "--porcelain") == "A  staged"


def test_names_are_bytes(repo: Any) -> None:
    writer = ObjectWriter(repo.ask)
    new = writer.add(b"")
    writer.flush()
    tree = write_tree(repo.ask, None, {"ü \"x\"/y": new})
    assert repo.git("ls-tree", "-r", "-z", "--name-only", tree) == "ü \"x\"/y\0"


@pytest.mark.parametrize("count", [3, 300])
def test_objects_are_written_in_batches(repo: Any, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("cluster_stacks.publishing.objects._BATCH", 1000)
    writer = ObjectWriter(repo.ask)
    contents = {writer.add(data): data for data in (b"%d\n\0done\n" % n for n in range(count))}
    writer.flush()
    for oid in list(contents)[:3]:
        assert repo.git("cat-file", "-t", oid) == "blob"
        assert repo.git("hash-object", "--stdin", stdin=contents[oid].decode()) == oid
    assert len(contents) == count


def test_sha256_repositories(tmp_path: Path, repo: Any) -> None:
    made = type(repo)(tmp_path / "sha256")
    made.path.mkdir()
    made.git("init", "-q", "--object-format=sha256")
    made.commit()
    writer = ObjectWriter(made.ask)
    new = writer.add(b"new\n")
    writer.flush()
    assert len(new) == 64
    head = made.git("rev-parse", "HEAD")
    assert made.git("cat-file", "-p", write_tree(made.ask, head, {"providers/note": None, "x": new}) + ":x") == "new"
    assert made.git("ls-tree", "-r", "--name-only", write_tree(made.ask, head, {"providers/note": None})) == ""


def test_no_identity_is_told_before_any_work(repo: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    require_identity(repo.ask)
    (tmp_path / "config").write_text("[user]\n\tuseConfigOnly = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    with pytest.raises(CannotTell, match="git config"):
        require_identity(repo.ask)


def test_commits_are_signed_where_git_is_told_to(repo: Any, tmp_path: Path) -> None:
    assert shutil.which("ssh-keygen"), "ssh-keygen is needed to sign"
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    repo.git("config", "gpg.format", "ssh")
    repo.git("config", "user.signingKey", str(key))
    plain = commit_tree(repo.ask, repo.git("rev-parse", "HEAD^{tree}"), "HEAD", "plain\n")
    assert "gpgsig" not in repo.git("cat-file", "-p", plain)
    repo.git("config", "commit.gpgSign", "true")
    signed = commit_tree(repo.ask, repo.git("rev-parse", "HEAD^{tree}"), "HEAD", "signed\n")
    assert "BEGIN SSH SIGNATURE" in repo.git("cat-file", "-p", signed)


def test_messages_are_utf8_whatever_the_user_says(repo: Any) -> None:
    repo.git("config", "i18n.commitEncoding", "ISO-8859-1")
    commit = commit_tree(repo.ask, repo.git("rev-parse", "HEAD^{tree}"), None, "Grüße\n")
    assert repo.git("cat-file", "-p", commit).endswith("\n\nGrüße")
