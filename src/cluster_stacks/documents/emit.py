"""The canonical emitter: the same data give the same bytes, and every reader reads the same data from them.

PyYAML's dumper leaves `1e3`, `y`, `08` and `NaN` unquoted, which other readers take for numbers and truth values, turns
scripts into one long escaped line, and changes with libyaml. The form here is the one that Kubernetes' own tools print:
block style, two spaces, lists not indented below their key, keys in the order of the data, no line ever folded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from cluster_stacks.documents.quoting import Texts, block

_STEP = "  "
# libyaml reads a key without a `?` before it only where it is at most 1024 characters long.
_LONGEST_KEY = 1000
_DEEPEST = 250
_LEAST, _MOST = -(2**63), 2**64 - 1


def emit(value: Any) -> str:
    """One document, without a separator. Raises TypeError for what is no plain data or has no form in JSON."""
    return _Emitter().document(value)


def emit_all(values: Iterable[Any]) -> str:
    """Several documents, with `---` lines between them. Raises TypeError as `emit`."""
    emitter = _Emitter()
    return "---\n".join(emitter.document(value) for value in values)


class _Emitter:
    """One run. Texts are rendered once: a file says the same few thousand things again and again."""

    __slots__ = ("_out", "_texts")

    def __init__(self) -> None:
        self._texts = Texts()
        self._out: list[str] = []

    def document(self, value: Any) -> str:
        self._out = []
        if isinstance(value, dict) and value:
            self._mapping(value, "", "", 0)
        elif isinstance(value, list) and value:
            self._sequence(value, "", "", 0)
        else:
            # At the top, readers disagree on how far a block is indented: no block there.
            self._out.append((self._texts[value] if isinstance(value, str) else self._scalar(value, "")) + "\n")
        return "".join(self._out)

    def _mapping(self, value: dict[str, Any], first: str, indent: str, depth: int) -> None:
        """Lines for a mapping; `first` stands before its first key (`- ` in a list), `indent` before the others."""
        out, texts = self._out, self._texts
        lead = first
        for key, item in value.items():
            kind = item.__class__
            name = texts[key] + ":" if key.__class__ is str else self._key(key)
            if len(name) > _LONGEST_KEY:
                name = f"? {name[:-1]}\n{indent}:"
            if kind is str and "\n" not in item:
                out.append(f"{lead}{name} {texts[item]}\n")
            elif kind is dict and item:
                out.append(f"{lead}{name}\n")
                self._mapping(item, indent + _STEP, indent + _STEP, _deeper(depth))
            elif kind is list and item:
                out.append(f"{lead}{name}\n")
                self._sequence(item, indent, indent, _deeper(depth))
            else:
                out.append(f"{lead}{name} {self._scalar(item, indent)}\n")
            lead = indent

    def _sequence(self, value: list[Any], first: str, indent: str, depth: int) -> None:
        """Lines for a list; `first` stands before its first dash, `indent` before the others."""
        out, texts = self._out, self._texts
        lead, inner = first, indent + _STEP
        for item in value:
            kind = item.__class__
            if kind is dict and item:
                self._mapping(item, lead + "- ", inner, _deeper(depth))
            elif kind is str and "\n" not in item:
                out.append(f"{lead}- {texts[item]}\n")
            elif kind is list and item:
                self._sequence(item, lead + "- ", inner, _deeper(depth))
            else:
                out.append(f"{lead}- {self._scalar(item, indent)}\n")
            lead = indent

    def _scalar(self, value: Any, indent: str) -> str:
        """Numbers, words, texts of several lines, empty containers, and subclasses of all of these."""
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return block(value, indent + _STEP) or self._texts[str(value)]
        if isinstance(value, int):
            return _integer(int(value))
        if isinstance(value, float):
            return _float(value)
        if isinstance(value, dict | list) and not value:
            return "{}" if isinstance(value, dict) else "[]"
        raise TypeError(f"no plain data: a value of type {type(value).__name__}")

    def _key(self, key: Any) -> str:
        if not isinstance(key, str):
            raise TypeError(f"no plain data: a key of type {type(key).__name__}")
        return self._texts[str(key)] + ":"


def _deeper(depth: int) -> int:
    if depth >= _DEEPEST:
        raise TypeError(f"no plain data: more than {_DEEPEST} levels of nesting")
    return depth + 1


def _integer(value: int) -> str:
    if not _LEAST <= value <= _MOST:
        raise TypeError("no plain data: an integer of more than 64 bits")
    return str(value)


def _float(value: float) -> str:
    """As JSON tells numbers apart: without a fraction it is an integer. YAML 1.1 wants a point: `1.0e-07`."""
    if not math.isfinite(value):
        raise TypeError(f"no plain data: {value} has no form in JSON")
    if value.is_integer() and abs(value) < 2**63:
        return str(int(value))
    mantissa, exponent, power = repr(float(value)).partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}{exponent}{power}"
