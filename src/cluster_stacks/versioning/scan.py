"""Looks for text in the files of a stack. For rules about what people write by hand, templates or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.source import Position, SourceFile
from cluster_stacks.model.stack import Layer, layer_of
from cluster_stacks.model.stack_source import StackSource

VERSION = r"v\d+(?:[-.][A-Za-z0-9_]+\.[A-Za-z0-9_]+)?"
"""A version of ours as a pattern."""

_LARGEST = 2**20
_COMMENT = re.compile(rb"\s*(?:#(?!%)|//)")


def text_files(source: StackSource, *layers: Layer, holding: str = "") -> Iterator[SourceFile]:
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


def found(
    rule: RuleInfo, source: StackSource, file: SourceFile, at: Position, message: str, key: str
) -> Finding:
    """A finding on a place in a file of a stack."""
    return Finding.at(rule.id, rule.severity, message, file.path, at, stack=str(source.stack), key=key)
