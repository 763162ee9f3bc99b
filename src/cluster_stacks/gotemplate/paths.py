"""sprig's functions on slash-separated paths and on URLs."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from cluster_stacks.gotemplate.errors import CallError, NotKnownError
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.unknown import Partial, Unknown


def clean(path: str) -> str:
    """path.Clean."""
    if not path:
        return "."
    rooted = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif part not in ("", ".") and not (part == ".." and rooted):
            kept.append(part)
    return ("/" if rooted else "") + "/".join(kept) or "."


def _base(path: str) -> str:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _dir(path: str) -> str:
    return clean(path[: path.rfind("/") + 1])


def _ext(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name else ""


def _parse(text: str) -> Any:
    """The parts of a plain URL; of one that needs more care than is worth it here, something unknown."""
    plain = text.isascii() and text.isprintable() and not any(char in text for char in " %\\[]<>\"{}|^`")
    scheme, colon, rest = text.partition(":")
    if not plain or (colon and not rest.startswith("//")) or text.startswith("//"):
        return Unknown("map", "the parts of a URL")
    if colon and not (scheme[:1].isalpha() and all(char.isalnum() or char in "+-." for char in scheme)):
        raise CallError(f'unable to parse url: parse "{text}": first path segment in URL cannot contain colon')
    parts = urlsplit(text)
    user, _, host = parts.netloc.rpartition("@")
    name, _, port = host.partition(":")
    if port and not port.isdigit():
        raise CallError(f'unable to parse url: parse "{text}": invalid port ":{port}" after host')
    return {
        "scheme": scheme.lower() if colon else "", "host": host, "hostname": name, "path": parts.path,
        "query": parts.query, "opaque": "", "fragment": parts.fragment, "userinfo": user,
    }


def _join(parts: dict[str, Any]) -> Any:
    for key in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo"):
        if isinstance(parts.get(key), Unknown | Partial):
            raise NotKnownError
        if not isinstance(parts.get(key, ""), str):
            raise CallError(f"unable to parse {key} key, must be of type string")
    return Unknown("string", "a URL")


_FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "base": ("string -> string", _base),
    "dir": ("string -> string", _dir),
    "clean": ("string -> string", clean),
    "ext": ("string -> string", _ext),
    "isAbs": ("string -> bool", lambda path: path.startswith("/")),
}
FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    **_FUNCTIONS,
    **{f"os{name[0].upper()}{name[1:]}": entry for name, entry in _FUNCTIONS.items()},
    "urlParse": ("string -> map", _parse),
    "urlJoin": ("map -> string", _join),
}
