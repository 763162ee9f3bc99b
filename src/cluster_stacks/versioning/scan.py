"""Looks for text in the files of a stack. For rules about what people write by hand, templates or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.source import Position, SourceFile
from cluster_stacks.model.stack import LAYER_FOLDERS, Layer, layer_of
from cluster_stacks.model.stack_source import StackState

VERSION = r"v\d+(?:-[A-Za-z0-9_]+[-.][A-Za-z0-9_]+)?"
"""A version of ours as a pattern."""

_LARGEST = 2**20
_YAML = (".yaml", ".yml")
_COMMENT = re.compile(rb"\s*(?:#(?!%)|//)")


def is_instruction(key: str) -> bool:
    """Whether a file of node-images is one of the build instructions, which nothing renders."""
    folder, _, rest = key.partition("/")
    read = rest.startswith("templates/") or rest in ("images.yaml", "images.lock.yaml")
    return bool(rest) and LAYER_FOLDERS.get(folder) is Layer.NODE_IMAGES and not read


def text_files(source: StackState, *layers: Layer, holding: str = "") -> Iterator[SourceFile]:
    """The files of layers that a person may have written, and that hold a text.

    Binary, huge and documentation files are none.
    """
    needle = holding.encode()
    for key, file in source.files.items():
        name = key.rpartition("/")[2].upper()
        if layer_of(key) not in layers or name.startswith("README") or name.endswith(".MD"):
            continue
        if needle in file.data and len(file.data) <= _LARGEST and b"\0" not in file.data[:8000]:
            yield file


def matches(file: SourceFile, pattern: re.Pattern[bytes]) -> Iterator[tuple[Position, re.Match[bytes]]]:
    """Where a pattern stands in a file, without lines that are comments."""
    for match in pattern.finditer(file.data):
        start = file.data.rfind(b"\n", 0, match.start()) + 1
        if not _COMMENT.match(file.data, start, match.end()):
            line = file.data.count(b"\n", 0, start) + 1
            column = len(file.data[start : match.start()].decode("utf-8", "replace")) + 1
            yield Position(line, column, line, column + match.end() - match.start()), match


def is_content(file: SourceFile, match: re.Match[bytes]) -> bool:
    """Whether a match is no comment and no prose, as far as the form of the file tells: in YAML exactly."""
    if not file.path.endswith(_YAML):
        return True
    from cluster_stacks.documents.places import scalar_at, scalars

    if scalars(file.data) is None:
        return True
    scalar = scalar_at(file.data, match.start())
    return scalar is not None and scalar.pointer[-1:] != ("description",)


def pointer_of(file: SourceFile, match: re.Match[bytes]) -> tuple[str | int, ...]:
    """Where in a YAML file the value stands that a match is in; empty where that cannot be said."""
    from cluster_stacks.documents.places import scalar_at

    scalar = scalar_at(file.data, match.start()) if file.path.endswith(_YAML) else None
    return scalar.pointer if scalar else ()


def found(
    rule: RuleInfo, source: StackState, file: SourceFile, at: Position, message: str, key: str
) -> Finding:
    """A finding on a place in a file of a stack."""
    return Finding.at(rule.id, rule.severity, message, file.path, at, stack=str(source.stack), key=key)
