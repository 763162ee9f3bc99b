"""Which paths can stand on the branch: plain ones, that every system which clones it can write as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.publishing.rules import NOT_PORTABLE, SAME_BUT_CASE, UNSAFE_PATH

LONGEST = 240
"""Characters of a path, from the branch's root: Windows stops at 260, with the folder of the clone before it."""
_LONGEST_NAME = 255
"""Bytes of a name between slashes: where Linux, macOS and Windows stop."""
# Microsoft: "Naming Files, Paths, and Namespaces".
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_CHARACTERS = re.compile(r'[<>:"|?*\\]')


def require_safe(path: str, folder: str) -> None:
    """Raises Refused where `path` is not a plain relative path: it would leave `folder`, or git would not have it."""
    strange = any(part.lower() in ("", ".", "..", ".git") for part in path.split("/"))
    if strange or any(ord(character) < 32 or ord(character) == 127 for character in path):
        message = f"{path!r} is no path for a file of {folder}: use plain names"
        raise Refused(Finding(UNSAFE_PATH.id, Severity.ERROR, message, folder))


def require_portable(new: Iterable[str], present: Iterable[str]) -> None:
    """Raises Refused, with a finding a path, where `new` paths are not portable beside those that are `present`."""
    files = set(present)
    spellings = {_folded(path): path for path in (*files, *folders_of(files))}
    findings = [
        finding for path in sorted(new) for finding in (*_not_portable(path), *_differs(path, spellings))
    ]
    if findings:
        raise Refused(*dict.fromkeys(findings))


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder above the paths."""
    found: set[str] = set()
    for folder in {path.rpartition("/")[0] for path in paths}:
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def prefixes(path: str) -> Iterator[str]:
    """The path, and then each folder above it."""
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _differs(path: str, spellings: dict[str, str]) -> Iterator[Finding]:
    """Whether the path, or a folder on its way, stands there in another spelling. It counts from now on."""
    for prefix in reversed(list(prefixes(path))):
        other = spellings.setdefault(_folded(prefix), prefix)
        if other != prefix:
            message = f"{prefix} and {other} are one path where case does not count (Windows, macOS): rename one"
            yield Finding(SAME_BUT_CASE.id, Severity.ERROR, message, prefix)
            return


def _not_portable(path: str) -> Iterator[Finding]:
    why = _why(path)
    if why:
        shown = path if len(path) <= LONGEST else f"{path[:LONGEST]}…"
        yield Finding(NOT_PORTABLE.id, Severity.ERROR, f"{_plain(shown)} {why}: rename it", _plain(shown))


def _why(path: str) -> str:
    if not _is_text(path):
        return "is not UTF-8"
    if len(path) > LONGEST:
        return f"has {len(path)} characters, and a path of the branch may have {LONGEST}"
    for name in path.split("/"):
        if len(name.encode()) > _LONGEST_NAME:
            return f"has a name of {len(name.encode())} bytes, and {_LONGEST_NAME} is where file systems stop"
        if _DEVICE.fullmatch(name):
            return f"has the name {name}, which is a device on Windows"
        if name.endswith((" ", ".")):
            return "has a name that ends in a space or a dot, which Windows drops"
        found = _CHARACTERS.search(name)
        if found:
            return f"has a {found[0]} in it, which Windows cannot write"
    return ""


def _folded(path: str) -> str:
    """What two paths share that macOS or Windows take for one. Plain ASCII, nearly always, needs no normal form."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path.casefold())


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()

