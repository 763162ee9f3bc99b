"""RE2's syntax → Python's, where both mean the same."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Final

from cluster_stacks.gotemplate.errors import CallError

_CLASSES: Final = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "digit": "0-9", "lower": "a-z", "upper": "A-Z", "word": "0-9A-Za-z_",
    "space": "\\t\\n\\v\\f\\r ", "xdigit": "0-9A-Fa-f", "blank": "\\t ", "punct": "!-/:-@\\[-`{-~",
}
_REPEATS: Final = re.compile(r"[*+?]|\{(\d+)(?:(,)(\d*))?\}")
_MANY: Final = 1000


class UnsureError(Exception):
    """The pattern needs RE2."""


@lru_cache(maxsize=512)
def compiled(pattern: str) -> tuple[re.Pattern[str], int]:
    """The pattern for Python, and how many open repetitions it has. Raises UnsureError or CallError."""
    if len(pattern) > _MANY or ("(?" in pattern and not pattern.isascii()):
        raise UnsureError
    text, repeats = _Translator(pattern).run()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(text, re.ASCII), repeats
        except re.error as error:
            raise CallError(f"error parsing regexp: {error}") from None
        except (RecursionError, OverflowError):
            raise UnsureError from None


class _Translator:
    """RE2's syntax, as far as it is Python's, and a count of what costs time."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.parts: list[str] = []
        self.at = 0
        self.repeats = 0
        self._groups: list[bool] = []  # for each open group, whether it holds a repetition
        self._last = ""  # what a repetition would repeat: "", atom, group, repeating (a group with one inside), repeat

    def run(self) -> tuple[str, int]:
        while self.at < len(self.pattern):
            self._one(self.pattern[self.at])
        return "".join(self.parts), self.repeats

    def _take(self, text: str, count: int, last: str = "atom") -> None:
        self.parts.append(text)
        self.at += count
        self._last = last

    def _one(self, char: str) -> None:
        if char == "\\":
            self._escape()
        elif char == "[":
            self._class()
        elif char == "(":
            self._open()
        elif char == ")":
            if not self._groups:
                raise CallError(f"error parsing regexp: unexpected ): `{self.pattern}`")
            inner = self._groups.pop()
            if inner and self._groups:
                self._groups[-1] = True
            self._take(")", 1, "repeating" if inner else "group")
        elif char in "*+?{" and (match := _REPEATS.match(self.pattern, self.at)):
            self._repeat(match)
        elif char == "{":
            self._take("\\{", 1)
        elif char == "|":
            if self._groups:
                self._groups[-1] = True
            self._take("|", 1, "")
        elif char == "$":
            self._take("\\Z", 1)
        else:
            self._take(char, 1)

    def _repeat(self, match: re.Match[str]) -> None:
        text = match.group()
        if self._last in ("", "repeat"):
            kind = "missing argument to" if not self._last else "invalid nested"
            raise CallError(f"error parsing regexp: {kind} repetition operator: `{text}`")
        least, comma, most = match.groups()
        if least is not None and (int(least) > _MANY or int(most or 0) > _MANY or int(most or least) < int(least)):
            raise CallError(f"error parsing regexp: invalid repeat count: `{text}`")
        single = text == "?" or (least is not None and most in ("0", "1"))
        if self._last == "repeating" and not single:
            raise UnsureError
        is_open = text in "*+" or (comma is not None and not most)
        self.repeats += is_open or int(most or least or 0) > 1 or text == "?"
        if self._groups:
            self._groups[-1] = True
        lazy = self.pattern[match.end() : match.end() + 1] == "?"
        self._take(text + "?" * lazy, len(text) + lazy, "repeat")

    def _open(self) -> None:
        rest = self.pattern[self.at :]
        self._groups.append(False)
        if rest.startswith("(?:"):
            self._take("(?:", 3, "")
        elif named := re.match(r"\(\?P?<([A-Za-z0-9_]+)>", rest):
            if named[1][0].isdigit():
                raise UnsureError
            self._take(f"(?P<{named[1]}>", len(named[0]), "")
        elif rest.startswith("(?"):
            if self.at == 0 and rest.startswith("(?i)") :
                self._groups.pop()
                self._take("(?i)", 4, "")
                return
            if re.match(r"\(\?(?:[=!]|<[=!])", rest):
                raise CallError(f"error parsing regexp: invalid or unsupported Perl syntax: `{rest[:3]}`")
            raise UnsureError
        else:
            self._take("(", 1, "")

    def _escape(self) -> None:
        char = self.pattern[self.at + 1 : self.at + 2]
        if not char:
            raise CallError("error parsing regexp: trailing backslash at end of expression")
        if char in "dDsSwWbB" and char:
            # RE2's \s has no vertical tab
            known = {"s": "[\\t\\n\\f\\r ]", "S": "[^\\t\\n\\f\\r ]"}
            self._take(known.get(char, f"\\{char}"), 2)
        elif char in "aftnrv":
            self._take(f"\\{char}", 2)
        elif char in "Az":
            self._take("\\A" if char == "A" else "\\Z", 2)
        elif not char.isalnum() and char != "_":
            self._take(f"\\{char}", 2)
        elif char in "xpPQCu01234567":
            raise UnsureError
        else:
            raise CallError(f"error parsing regexp: invalid escape sequence: `\\{char}`")

    def _class(self) -> None:
        match = re.compile(r"\[\^?\]?(?:\[:\^?[a-z]+:\]|\\.|[^\]\\])*\]", re.DOTALL).match(self.pattern, self.at)
        if match is None:
            raise CallError(f"error parsing regexp: missing closing ]: `{self.pattern[self.at :]}`")
        text = match.group()
        body = text[1:-1]
        for name, range_ in _CLASSES.items():
            body = body.replace(f"[:{name}:]", range_)
        if "[:" in body or re.search(r"\\[A-Zpxbu0-9Q]|&&|\|\||~~|--", body):
            raise UnsureError
        body = body.replace("\\s", "\\t\\n\\f\\r ").replace("[", "\\[") if "\\[" not in body else body
        self._take(f"[{body}]", len(text))
