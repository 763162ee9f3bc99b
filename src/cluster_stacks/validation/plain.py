"""Whether a value is what a manifest can hold, for documents that no reader of ours made."""

from __future__ import annotations

from math import isfinite
from typing import Any

from cluster_stacks.documents.syntax import DEFAULT
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.document import RULE

_LEAST, _MOST = -(2**63), 2**64 - 1


def problem(document: int, value: object) -> Problem | None:
    """What keeps a document from being said in JSON as Kubernetes reads it: the first such place, or None.

    What `documents.yaml` reads never has one, and every rule relies on that: keys are texts, numbers finite and of 64
    bits, texts whole characters, and nothing is deeper than a file may be.
    """
    waiting: list[tuple[Pointer, Any]] = [((), value)]
    while waiting:
        pointer, found = waiting.pop()
        wrong = _wrong(found, len(pointer))
        if wrong:
            return Problem(document, RULE.id, f"no manifest can hold this: {wrong}", pointer)
        if isinstance(found, dict):
            waiting += (((*pointer, key), inner) for key, inner in found.items())
        elif isinstance(found, list):
            waiting += (((*pointer, index), inner) for index, inner in enumerate(found))
    return None


def _wrong(value: Any, depth: int) -> str:
    """What is wrong with a value itself, '' where nothing is."""
    kind = type(value)
    if kind is str:
        return "" if value.isascii() or _is_whole(value) else "half a character (a lone surrogate)"
    if kind is dict:
        return _wrong_keys(value) or _wrong_depth(depth)
    if kind is list:
        return _wrong_depth(depth)
    if kind is int:
        return "" if _LEAST <= value <= _MOST else "a whole number of more than 64 bits"
    if kind is float:
        return "" if isfinite(value) else "a number that is not finite"
    return "" if value is None or kind is bool else f"a {kind.__name__}"


def _wrong_keys(value: dict[Any, Any]) -> str:
    for key in value:
        if type(key) is not str:
            return f"a key that is no text but a {type(key).__name__}"
        if not key.isascii() and not _is_whole(key):
            return "a key with half a character (a lone surrogate)"
    return ""


def _wrong_depth(depth: int) -> str:
    return "" if depth < DEFAULT.depth else f"more than {DEFAULT.depth} levels of nesting"


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
