"""The cache on disk: safe to delete, for one user, and never an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.runtime import cache
from cluster_stacks.runtime.cache import Cache, cache_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "cluster-stacks" / "things"


def test_what_was_put_is_there_for_this_user_alone(home: Path) -> None:
    things = Cache("things")
    assert things.get("ab12") is None
    things.put("ab12", b"1")
    assert Cache("things").get("ab12") == b"1"
    assert [(path.name, path.stat().st_mode & 0o777) for path in home.rglob("*") if path.is_file()] == [("ab12", 0o600)]


def test_the_oldest_go_where_there_is_too_much(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr(cache, "LARGEST", 25)
    monkeypatch.setattr(cache, "_EVERY", 1)
    things = Cache("things")
    for number in range(4):
        things.put(f"a{number}", bytes(8))
        os.utime(home / f"a{number}" / f"a{number}", (number, number))
    assert [things.get(f"a{number}") is not None for number in range(4)] == [False, False, True, True]


def test_where_nothing_can_be_written_nothing_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    things = Cache("things")
    things.put("ab12", b"1")
    assert things.get("ab12") is None
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.delenv("HOME", raising=False)
    assert cache_folder() is None
    Cache("things").put("ab12", b"1")
    assert Cache("things").get("ab12") is None
