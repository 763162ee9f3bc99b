"""What a URL holds of users and passwords, and how git gets it otherwise."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cluster_stacks.repository.credentials import Url, hiding_environment, remote_timeout, strip_credentials

SECRET = "https://robot:s3%40cr%20t@git.example/x.git"


def asked(tmp_path: Path, environment: dict[str, str], *args: str, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", *args], cwd=tmp_path, input=stdin, capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1", **environment},
    )
    return done.stdout


def test_git_uses_the_clean_url_and_is_given_the_password(tmp_path: Path) -> None:
    environment = hiding_environment([Url(SECRET, SECRET)], {})
    asked(tmp_path, {}, "init", "-q")
    asked(tmp_path, {}, "remote", "add", "origin", SECRET)
    assert asked(tmp_path, environment, "remote", "get-url", "origin").strip() == "https://git.example/x.git"
    told = asked(tmp_path, environment, "credential", "fill", stdin="url=https://git.example/x.git\n\n")
    assert "username=robot\npassword=s3@cr t\n" in told


def test_a_user_without_a_password_is_only_a_name(tmp_path: Path) -> None:
    environment = hiding_environment([Url("https://token@git.example/x", "https://token@git.example/x")], {})
    values = [value for name, value in environment.items() if name.startswith("GIT_CONFIG_VALUE")]
    assert "token" in values
    assert not any("helper" in value for value in environment.values())


def test_what_the_environment_has_of_settings_stays(tmp_path: Path) -> None:
    given = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"}
    environment = given | hiding_environment([Url(SECRET, SECRET)], given)
    assert int(environment["GIT_CONFIG_COUNT"]) > 1
    assert asked(tmp_path, environment, "config", "a.b").strip() == "c"


@pytest.mark.parametrize("url", ["https://host/x", "git@host:x.git", "/a/b", "ssh://git@host/x", "file:///a", "::"])
def test_nothing_to_hide(url: str) -> None:
    assert hiding_environment([Url(url, url)], {}) == {}


def test_timeouts() -> None:
    assert [remote_timeout({"CLUSTER_STACKS_REMOTE_TIMEOUT": text}) for text in ("7", "0.5")] == [7.0, 0.5]
    assert {remote_timeout({"CLUSTER_STACKS_REMOTE_TIMEOUT": text}) for text in ("", "x", "-1", "0")} == {600.0}
    assert remote_timeout({}) == 600.0


def test_strip() -> None:
    assert strip_credentials(SECRET) == "https://git.example/x.git"
