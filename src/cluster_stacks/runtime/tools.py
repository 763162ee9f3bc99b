"""Finds helm, kustomize and kubeconform, and holds them to the versions that settings pin."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.runtime.cache import Cache
from cluster_stacks.runtime.process import ProcessFailed, run

VERSION_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "helm": ("version", "--template", "{{.Version}}"),
    "kustomize": ("version",),
    "kubeconform": ("-v",),
}
_COMPILED = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How programs for Linux and macOS begin."""
_NUMBER = re.compile(r"v?(\d+\.\d+\.\d+[^\s]*)")


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that was found: its path and its version as `v4.3.1`."""

    name: str
    path: Path
    version: str


@cache
def _version(name: str, path: Path) -> str:
    """What the program says of itself; of one that is compiled it is remembered, for starting it takes 40 ms."""
    known, key = Cache("tools"), _identity(name, path)
    kept = known.get(key) if key else None
    if kept:
        return kept.decode("utf-8", "replace")
    version = _asked(name, path)
    if key:
        known.put(key, version.encode())
    return version


def _identity(name: str, path: Path) -> str:
    """A digest that another build of the program does not have; empty for a script, which may start any other."""
    try:
        with path.open("rb") as file:
            magic, about = file.read(4), os.fstat(file.fileno())
    except OSError:
        return ""
    if magic not in _COMPILED:
        return ""
    parts = name, path.resolve(), about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino, about.st_dev
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _asked(name: str, path: Path) -> str:
    try:
        output = run([path, *VERSION_ARGUMENTS[name]], timeout=30).stdout.decode("utf-8", "replace")
    except ProcessFailed as error:
        raise CannotTell(f"{path} does not tell its version: {error}") from error
    match = _NUMBER.search(output)
    return f"v{match.group(1)}" if match else output.strip() or "unknown"


def find_tool(name: str, pins: Mapping[str, str] | None = None) -> Tool | None:
    """The program `name` from `$CLUSTER_STACKS_<NAME>` or PATH, or None where there is none.

    Raises CannotTell where settings pin another version than the one found.
    """
    named = os.environ.get(f"CLUSTER_STACKS_{name.upper()}")
    found = named or shutil.which(name)
    if found is None:
        return None
    if named and shutil.which(named) is None:
        raise CannotTell(f"CLUSTER_STACKS_{name.upper()} names {named}, which cannot be run")
    tool = Tool(name, Path(found), _version(name, Path(found)))
    pin = (pins or {}).get(name)
    if pin and tool.version.removeprefix("v") != pin.removeprefix("v"):
        raise CannotTell(f"settings pin {name} to {pin}, and {found} is {tool.version}: install {pin} or edit `tools:`")
    return tool


def require_tool(name: str, why: str, pins: Mapping[str, str] | None = None) -> Tool:
    """As find_tool; raises CannotTell with `why` it is needed where there is none."""
    tool = find_tool(name, pins)
    if tool is None:
        raise CannotTell(f"{name} is not on PATH, and {why}: install it, or name it in CLUSTER_STACKS_{name.upper()}")
    return tool
