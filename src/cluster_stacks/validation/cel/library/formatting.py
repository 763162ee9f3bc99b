"""`'%s is %d'.format([a, b])`, as the API server's version of the library writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from cluster_stacks.validation.cel.frame import bounded
from cluster_stacks.validation.cel.library.conversions import said
from cluster_stacks.validation.cel.syntax import EvaluationError, Unevaluated
from cluster_stacks.validation.cel.values import Duration, Timestamp, Uint, kind_of

_CLAUSE = re.compile(r"%(%|(?:\.(\d{1,4}))?([a-zA-Z])?)")
_TAKEN: Mapping[str, frozenset[str]] = {
    "d": frozenset(("int", "uint")),
    "f": frozenset(("double", "int", "uint", "string")),
    "e": frozenset(("double", "int", "uint", "string")),
    "b": frozenset(("int", "uint", "bool")),
    "o": frozenset(("int", "uint")),
    "x": frozenset(("int", "uint", "string", "bytes")),
    "X": frozenset(("int", "uint", "string", "bytes")),
}
"""The types of values that a clause takes; `%s` takes any."""


def clauses(text: str) -> Iterator[str]:
    """The letters of a format's clauses, in order. Raises EvaluationError for one that is none."""
    for match in _CLAUSE.finditer(text):
        if match[1] == "%":
            continue
        letter = match[3] or ""
        if not letter:
            raise EvaluationError("could not parse formatting clause: unexpected end of string")
        if letter != "s" and letter not in _TAKEN:
            raise EvaluationError(f"could not parse formatting clause: unrecognized formatting clause {letter!r}")
        yield letter


def takes(letter: str, kind: str) -> bool:
    """Whether a clause takes a value of a type by its name."""
    return letter == "s" or kind == "dyn" or kind in _TAKEN[letter]


def formatted(text: str, args: list[object]) -> str:
    """The text with its clauses filled in; arguments that are left over are passed over. Raises EvaluationError."""
    letters = list(clauses(text))
    if len(letters) > len(args):
        raise EvaluationError(f"index {len(args)} out of range")
    left = iter(args)

    def clause(match: re.Match[str]) -> str:
        return "%" if match[1] == "%" else _clause(match[3], match[2], next(left))

    made = _CLAUSE.sub(clause, text)
    bounded(len(made))
    return made


def _clause(letter: str, precision: str | None, value: object) -> str:
    if not takes(letter, kind_of(value)):
        raise EvaluationError(f"error during formatting: %{letter} does not take a {kind_of(value)}")
    if letter == "s":
        return _shown(value)
    if letter in "fe" and isinstance(value, str):
        if value not in ("NaN", "Infinity", "-Infinity"):
            raise EvaluationError(f"error during formatting: %{letter} does not take a string")
        return value.replace("Infinity", "∞")
    if isinstance(value, (str, bytes)):
        data = value.encode("utf-8", "replace") if isinstance(value, str) else value
        return data.hex().upper() if letter == "X" else data.hex()
    assert isinstance(value, (int, float)), "the table says so"
    if letter == "f":
        return format(float(value), f",.{precision or 6}f")
    if letter == "e":
        # Written as people do, by a library's tables: 1.2 × 10³ with characters of its own.
        raise Unevaluated("%e is not known here")
    return format(int(value), letter)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_quoted, value))}]"
    if isinstance(value, Mapping):
        entries = ((_quoted(key), _quoted(each)) for key, each in value.items())
        return "{" + ", ".join(f"{key}:{each}" for key, each in sorted(entries)) + "}"
    if value is None:
        return "null"
    if isinstance(value, (bool, int, float, str, bytes, Timestamp, Duration, Uint)):
        return said(value)
    return str(getattr(value, "name", value))


def _quoted(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Timestamp):
        return f'timestamp("{said(value)}")'
    return f'duration("{said(value)}")' if isinstance(value, Duration) else _shown(value)
