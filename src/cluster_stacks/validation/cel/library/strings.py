"""Texts: CEL's own functions, its extension of version 2, and regular expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cluster_stacks.validation.cel.frame import bounded
from cluster_stacks.validation.cel.library.formatting import formatted
from cluster_stacks.validation.cel.patterns import find_all, matches
from cluster_stacks.validation.cel.syntax import EvaluationError

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)


def _within(text: str, place: int, function: str, *, end: bool = True) -> int:
    if not 0 <= place <= len(text) - (not end):
        raise EvaluationError(f"index out of range: {place} of {function}")
    return place


def _index(text: str, part: str, start: int = 0) -> int:
    if part == "":
        return start
    return text.find(part, _within(text, start, "indexOf"))


def _last_index(text: str, part: str, start: int | None = None) -> int:
    if part == "":
        return len(text) if start is None else start
    if start is None:
        return text.rfind(part)
    return text.rfind(part, 0, _within(text, start, "lastIndexOf") + len(part))


def _part(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else _within(text, end, "substring")
    if start > last:
        raise EvaluationError(f"invalid substring range: start {start}, end {last}")
    return text[_within(text, start, "substring"):last]


def _replaced(text: str, old: str, new: str, most: int = -1) -> str:
    count = text.count(old) if most < 0 else min(text.count(old), most)
    bounded(len(text) + count * len(new))
    return text.replace(old, new, most)


def _pieces(text: str, separator: str, most: int = -1) -> list[str]:
    if most == 0:
        return []
    bounded(len(text))
    if separator:
        return text.split(separator, most - 1 if most > 0 else -1)
    return list(text) if most < 0 or most >= len(text) else [*text[:most - 1], text[most - 1:]]


def _joined(items: list[str], separator: str = "") -> str:
    if not all(isinstance(item, str) for item in items):
        raise EvaluationError("no such overload: join")
    bounded(sum(map(len, items)) + len(separator) * len(items))
    return separator.join(items)


def _quoted(text: str) -> str:
    escapes = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
    body = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(escapes.get(char, char) for char in body) + '"'


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    ".contains(string,string) bool": lambda a, b: b in a,
    ".startsWith(string,string) bool": lambda a, b: a.startswith(b),
    ".endsWith(string,string) bool": lambda a, b: a.endswith(b),
    ".matches(string,string) bool | matches(string,string) bool": matches,
    ".charAt(string,int) string": lambda a, b: a[_within(a, b, "charAt"):b + 1],
    ".indexOf(string,string) int | .indexOf(string,string,int) int": _index,
    ".lastIndexOf(string,string) int | .lastIndexOf(string,string,int) int": _last_index,
    ".lowerAscii(string) string": lambda a: a.translate(_LOWER),
    ".upperAscii(string) string": lambda a: a.translate(_UPPER),
    ".replace(string,string,string) string | .replace(string,string,string,int) string": _replaced,
    ".split(string,string) list(string) | .split(string,string,int) list(string)": _pieces,
    ".join(list(string)) string | .join(list(string),string) string": _joined,
    ".substring(string,int) string | .substring(string,int,int) string": _part,
    ".trim(string) string": lambda a: a.strip(_SPACES),
    ".format(string,list(dyn)) string": formatted,
    "strings.quote(string) string": _quoted,
    ".find(string,string) string": lambda a, b: next(iter(find_all(a, b, 1)), ""),
    ".findAll(string,string) list(string) | .findAll(string,string,int) list(string)": find_all,
}
