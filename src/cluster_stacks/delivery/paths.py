"""The paths of delivered files: inside the generator's folder, on every system, each taken once."""

from __future__ import annotations

import re

from cluster_stacks.delivery import rules
from cluster_stacks.delivery.generator import Output

_PART = re.compile(r"(?!\.{1,2}$|\.git$)[A-Za-z0-9._@+=-]{1,200}", re.IGNORECASE)
_LONGEST = 400


class Paths:
    """The paths that a delivery has taken so far."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def take(self, path: str, output: Output) -> str:
        """`path`, now taken. Raises Refused (CS507) for one that is unsafe or taken already, as a file or a folder."""
        if len(path) > _LONGEST or not all(_PART.fullmatch(part) for part in path.split("/")):
            message = f"the path {path!r} is unsafe: make it of letters, digits, dots and dashes"
            raise rules.refused(rules.PATH, message, output.origin, output.at, key=path)
        # Two names that differ in case alone are one file on some systems.
        parts = path.lower().split("/")
        parents = {"/".join(parts[:end]) for end in range(1, len(parts))}
        whole = "/".join(parts)
        if whole in self._files or whole in self._folders or parents & self._files:
            message = f"two files have the path {path}: give each output, stack and addon a path of its own"
            raise rules.refused(rules.PATH, message, output.origin, output.at, key=path)
        self._files.add(whole)
        self._folders |= parents
        return path
