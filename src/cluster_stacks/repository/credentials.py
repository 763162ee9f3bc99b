"""Passwords and tokens in the URLs of remotes: kept out of messages, and out of the arguments of processes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_IN_URL = re.compile(r"(?<=://)[^/@\s]*@")
_WEB = ("http", "https")
# Git runs a helper by a shell. This text never changes, and printf is the shell's own: nothing secret is an argument.
_HELPER = (
    '!f() { test "$1" = get && '
    'printf "username=%s\\npassword=%s\\n" "$CLUSTER_STACKS_USER_{0}" "$CLUSTER_STACKS_PASSWORD_{0}"; }; f'
)


def strip_credentials(text: str) -> str:
    """`text` without user names, passwords and tokens in its URLs."""
    return _IN_URL.sub("", text)


class Url(NamedTuple):
    """A URL of a remote as it is `written` in the configuration, and as git uses it after `insteadOf`.

    `explicit`: it has a line of its own; without one, git pushes to the URL that it fetches from.
    """

    written: str
    used: str
    push: bool = False
    explicit: bool = True


def hiding_environment(urls: Sequence[Url], environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that give git what the URLs of a remote hold of users and passwords.

    git hands the URL of a remote to its helper as an argument, which everybody on the machine can read; an environment
    is its owner's. So git is told to use the same URL without credentials, and to ask for them.
    Empty where no URL has any.
    """
    settings: list[tuple[str, str]] = []
    variables: dict[str, str] = {}
    secret = [url for url in urls if _has_credentials(url.used)]
    for url in secret:
        clean = strip_credentials(url.used)
        settings += [(f"url.{clean}.{key}", url.written) for key in _rewrites(url)]
    for number, used in enumerate(sorted({url.used for url in secret})):
        parts, scope = urlsplit(used), f"credential.{strip_credentials(used)}"
        if parts.password is None:
            settings.append((f"{scope}.username", unquote(parts.username or "")))
            continue
        variables[f"CLUSTER_STACKS_USER_{number}"] = unquote(parts.username or "")
        variables[f"CLUSTER_STACKS_PASSWORD_{number}"] = unquote(parts.password)
        # The empty one resets the list: no other helper is asked, and none is told to remember.
        settings += [(f"{scope}.helper", ""), (f"{scope}.helper", _HELPER.replace("{0}", str(number)))]
    return variables | _as_environment(settings, environ)


def _rewrites(url: Url) -> list[str]:
    if not url.push:
        return ["insteadOf"]
    return ["insteadOf"] if url.explicit else ["pushInsteadOf"]


def _has_credentials(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _WEB and parts.username is not None


def _as_environment(settings: Iterable[tuple[str, str]], environ: Mapping[str, str]) -> dict[str, str]:
    """Settings of git as variables, after those that the environment has already."""
    start = environ.get("GIT_CONFIG_COUNT", "0")
    count = int(start) if start.isdecimal() else 0
    found: dict[str, str] = {}
    for count, (key, value) in enumerate(settings, count + 1):  # noqa: B020 — the last number is the count
        found |= {f"GIT_CONFIG_KEY_{count - 1}": key, f"GIT_CONFIG_VALUE_{count - 1}": value}
    return found | {"GIT_CONFIG_COUNT": str(count)} if found else {}


def remote_timeout(environ: Mapping[str, str] = os.environ) -> float:
    """Seconds that one answer of a remote may take where nobody watches: CLUSTER_STACKS_REMOTE_TIMEOUT, else 600."""
    text = environ.get("CLUSTER_STACKS_REMOTE_TIMEOUT", "")
    try:
        seconds = float(text)
    except ValueError:
        return 600.0
    return seconds if seconds > 0 else 600.0
