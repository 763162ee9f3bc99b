"""Objects that Flux fills in (`postBuild.substitute`) when it applies them: what they may become.

What `publish` writes for Flux below delivery/ has references like `${cluster_name}`, and is no object of its own until
Flux has replaced them: it prints each object anew, replaces, and reads the text again (fluxcd/pkg: envsubst). Here
a reference is replaced by its default, or else by an example made of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cluster_stacks.documents.emit import emit
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.validation.problem import Pointer

FOLDER = "delivery"
_REFERENCE = re.compile(r"\$(\$)|\$\{(?P<name>[A-Za-z_]\w*)(?::?[-=](?P<default>[^}]*))?[^}]*\}")
_LONGEST = 40


def is_delivered(path: str) -> bool:
    """Whether a file is one whose references Flux replaces: below the folder of what is delivered."""
    return FOLDER in Path(path).absolute().parts


def filled(value: Any) -> Any:
    """An object as Flux may apply it; as it is where it has no references, or where nothing can be read any more."""
    if not any(_REFERENCE.search(text) for text in _texts(value)):
        return value
    try:
        return load(_REFERENCE.sub(_example, emit(value)).encode(), "").value
    except Refused:
        return value


def is_filled_later(value: Any, pointer: Pointer) -> bool:
    """Whether what stands at a place is known only when Flux fills it in: a reference without a default."""
    for part in pointer:
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
            value = value[part]
        else:
            break
    if not isinstance(value, str):
        return False
    return any(match["name"] and match["default"] is None for match in _REFERENCE.finditer(value))


def _example(match: re.Match[str]) -> str:
    if not match["name"]:
        return "$"
    default: str | None = match["default"]
    return default if default is not None else match["name"].lower().replace("_", "-").strip("-")[:_LONGEST] or "x"


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting += found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
