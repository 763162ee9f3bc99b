"""versions.yaml: the minors that a script makes from one folder, each with the versions of some addons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.layout import VERSIONS as FILE
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository import rules
from cluster_stacks.repository.layouts.said import NOTHING, Read, Said, document, version, whole

_KUBERNETES = "kubernetes"


def read(stack: StackId, own: Mapping[str, Entry], read_: Read) -> Said:
    """The row of one minor: its Kubernetes version, and all else as values."""
    found = _load(own[FILE], read_)
    for index, row, minor in _rows(found):
        if minor == stack.minor:
            rest = {key: found.text((index, key)).strip("\"'") for key in row if key != _KUBERNETES}
            return Said(whole(version(found, (index, _KUBERNETES))), rest)
    return NOTHING


def minors(root: Mapping[str, Entry], read_: Read) -> list[str]:
    """The minors that it lists. Raises Refused where one is there twice."""
    return minors_in(_load(root[FILE], read_))


def minors_in(found: Document) -> list[str]:
    """The same of a document that was read."""
    _check(found)
    listed: list[str] = []
    for index, _, minor in _rows(found):
        if minor in listed:
            message = f"the minor {minor} is listed twice: a folder has one release of each"
            raise rules.refused(rules.LAYOUT_FILE, message, found.path, found.position((index, _KUBERNETES)))
        listed.append(minor)
    return listed


def _rows(found: Document) -> Iterator[tuple[int, dict[str, Any], str]]:
    for index, row in enumerate(found.value):
        major, minor, _ = version(found, (index, _KUBERNETES))
        yield index, row, f"{major}-{minor}"


def _load(entry: Entry, read_: Read) -> Document:
    found = document(entry, read_)
    _check(found)
    return found


def _check(found: Document) -> None:
    if not isinstance(found.value, list) or not all(isinstance(row, dict) for row in found.value):
        message = "this is no list of versions: each entry is a mapping such as {kubernetes: 1.30.13}"
        raise rules.refused(rules.LAYOUT_FILE, message, found.path, found.position())
