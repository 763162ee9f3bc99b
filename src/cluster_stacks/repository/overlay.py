"""Reads overlay.yaml: how one minor differs from what its stack shares."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cluster_stacks.documents.yaml import Document, load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.stack import MINOR, StackId
from cluster_stacks.repository import rules

EVERYTHING = ""
"""In `remove`: all of shared/, also what it will hold one day (`shared: false`)."""


class Overlay(NamedTuple):
    """`remove` are paths of shared/, files or folders; `vars` the values of templates.

    `origin` is the minor that a new stack was copied from (`from: 1-36`), whose versions it may keep; empty otherwise.
    """

    remove: tuple[str, ...] = ()
    vars: Mapping[str, object] = {}  # never changed
    document: Document | None = None
    origin: str = ""


NOTHING = Overlay()


def parse_overlay(data: bytes, path: str, stack: StackId) -> Overlay:
    """The content of an overlay.yaml. Raises Refused with what is wrong with the file, and where."""
    document = load(data, path)
    value = document.value
    if not _has_shape(value):
        raise Refused(*_explained(document, path, stack))
    remove = tuple(item.rstrip("/") for item in value.get("remove") or ())
    if value.get("shared") is False:
        remove = (EVERYTHING,)
    return Overlay(remove, value.get("vars") or {}, document, value.get("from", ""))


def unused_removals(overlay: Overlay, shared: Iterable[str], path: str, stack: StackId) -> list[Finding]:
    """A finding for each path that `remove` names and shared/ lacks; `shared` are the keys of its files."""
    keys = list(shared)
    found = []
    for index, item in enumerate(overlay.remove):
        if item == EVERYTHING or any(is_removed(key, (item,)) for key in keys):
            continue
        at = overlay.document.position(("remove", index)) if overlay.document else None
        message = f"remove names {item}, which shared/ does not have: mend the path, or drop the line"
        found.append(rules.finding(rules.UNUSED_REMOVE, message, path, at, stack=stack, key=item))
    return found


def is_removed(key: str, remove: Iterable[str]) -> bool:
    """Whether one of the paths in `remove` is `key` or a folder that it stands in."""
    return any(item == EVERYTHING or key == item or key.startswith(item + "/") for item in remove)


def _has_shape(value: object) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {"from", "remove", "shared", "vars"}:
        return False
    if "from" in value and not (isinstance(value["from"], str) and MINOR.fullmatch(value["from"])):
        return False
    if not isinstance(value.get("shared", True), bool):
        return False
    remove, variables = value.get("remove", []), value.get("vars", {})
    return isinstance(variables, dict) and isinstance(remove, list) and all(_is_path(item) for item in remove)


def _is_path(item: object) -> bool:
    if not isinstance(item, str):
        return False
    parts = item.removesuffix("/").split("/")
    return all(part not in ("", ".", "..") for part in parts)


def _explained(document: Document, path: str, stack: StackId) -> list[Finding]:
    from cluster_stacks.documents.schema import check

    found = [
        dataclasses.replace(finding, rule=rules.OVERLAY, path=path, stack=str(stack))
        for finding in check(document, "overlay")
    ]
    return found or [rules.finding(rules.OVERLAY, "this is no overlay of a minor", path, stack=stack)]
