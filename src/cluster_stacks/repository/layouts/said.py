"""What a layout without a whole metadata.yaml says of a stack, and how its files are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cluster_stacks.documents.yaml import Document, load
from cluster_stacks.model.layout import Layout
from cluster_stacks.model.source import Entry
from cluster_stacks.model.version import KubernetesVersion
from cluster_stacks.repository import rules
from cluster_stacks.repository.paths import shown

_VERSION = re.compile(r"v?(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})(?:\.(0|[1-9]\d{0,8}))?", re.ASCII)

Read = Callable[[Entry], bytes]
"""Gives the content of an entry."""


class Said(NamedTuple):
    """The Kubernetes version, where it is whole, and the values that addons are made with."""

    kubernetes: KubernetesVersion | None = None
    vars: Mapping[str, object] = {}  # never changed
    layout: Layout = Layout.NATIVE


NOTHING = Said()


def document(entry: Entry, read: Read) -> Document:
    """A file as one YAML document. Raises Refused with what is wrong with it; a link or a submodule is no file."""
    if entry.is_symlink or entry.is_submodule:
        what = "a symbolic link" if entry.is_symlink else "a submodule"
        raise rules.refused(rules.LAYOUT_FILE, f"{what} stands in the place of this file: make it a file", entry.path)
    return load(read(entry), entry.path)


def mapping(found: Document, what: str) -> dict[str, Any]:
    """The document as a mapping. Raises Refused where it is none."""
    if not isinstance(found.value, dict):
        raise rules.refused(rules.LAYOUT_FILE, f"this is no {what}: it is a mapping", found.path, found.position())
    return found.value


def version(found: Document, pointer: tuple[str | int, ...]) -> tuple[int, int, int | None]:
    """The Kubernetes version as it is written at a place: with or without `v`, with or without a patch.

    Its text is read, not its value: `1.30` is the number 1.3. Raises Refused where it is no version.
    """
    try:
        node: Any = found.value
        for key in pointer:
            node = node[key]
    except (KeyError, IndexError, TypeError):
        node = None
    text = "" if node is None or isinstance(node, dict | list) else found.text(pointer).strip("\"'")
    match = _VERSION.fullmatch(text)
    if match is None:
        name = ".".join(str(key) for key in pointer if isinstance(key, str))
        problem = f"{name} is {shown(text[:40])}" if text else f"{name} is missing"
        message = f"{problem}: write a Kubernetes version such as v1.34.2"
        raise rules.refused(rules.LAYOUT_FILE, message, found.path, found.position(pointer))
    major, minor, patch = match.groups()
    return int(major), int(minor), None if patch is None else int(patch)


def whole(parts: tuple[int, int, int | None]) -> KubernetesVersion | None:
    """The version, where its patch is known."""
    major, minor, patch = parts
    return None if patch is None else KubernetesVersion(major, minor, patch)
