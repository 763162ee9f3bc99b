"""Regular expressions as Go reads them (RE2's syntax), for a library that has no Go.

Cluster API refuses a pattern that Go's `regexp` does not take, and matches by it. `translated` reads a pattern by Go's
rules and says it again in a form that the engine of jsonschema-rs takes to mean the same: classes spelled out, anchors
and dots as flags have them. One pass, no recursion. The meta-schema of jsonschema-rs wants patterns of ECMAScript: the
schema that holds such a pattern must stand behind a `$ref`, at a key that the meta-schema does not know.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cluster_stacks.validation.capi.re2_classes import Cursor, Wrong, literal

MOST_REPEATS = 1000
DEEPEST = 1000
_REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}", re.ASCII)
_GROUP = re.compile(r"\(\?(?:P?<([^>]*)>|([a-zA-Z-]*)([:)]))", re.ASCII)
_FLAGS = re.compile(r"[imsU]+(?:-[imsU]+)?|-[imsU]+|")
_LOOK = ("?=", "?!", "?<=", "?<!", "?>")


class Translated(NamedTuple):
    """A pattern for jsonschema-rs, or what is wrong with it."""

    pattern: str
    wrong: str = ""


@lru_cache(maxsize=4096)
def translated(pattern: str) -> Translated:
    """Reads a pattern of Go."""
    try:
        found = _Reader(pattern).read()
    except Wrong as error:
        return Translated("", str(error))
    if r"\p" in found.lower() and not _has_its_properties(found):
        return Translated("", r"\p names no class of characters: write \pL or \p{Greek}")
    return Translated(found)


def _has_its_properties(pattern: str) -> bool:
    """Whether the classes that a pattern names by a property are there: too many to list."""
    from jsonschema_rs import Draft7Validator, RegexOptions, ValidationError

    try:
        Draft7Validator({"$ref": "#/x", "x": {"pattern": pattern}}, pattern_options=RegexOptions(), offline=True)
    except (ValidationError, ValueError):
        return False
    return True


class _Open(NamedTuple):
    """What is left to do when a group ends: the flags around it, and how often anything before it is repeated."""

    multiline: bool
    dotall: bool
    factor: int


class _Reader(Cursor):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.out: list[str] = []
        self.open: list[_Open] = []
        self.multiline = self.dotall = False
        self.repeatable = self.repeated = False
        self.factor = self.last = 1  # the most that anything in this group, and in the last atom, is repeated

    def read(self) -> str:
        while self.at < len(self.text):
            self._step(self.text[self.at])
        if self.open:
            raise Wrong("a group is not closed: `)` is missing")
        return "".join(self.out)

    def _step(self, char: str) -> None:
        if char in "*+?" or (char == "{" and _REPEAT.match(self.text, self.at)):
            self._repeat(char)
        elif char == "(":
            self._group()
        elif char == ")":
            self._close()
        elif char == "[":
            self._atom(self.read_class())
        elif char == "\\":
            self._escape()
        else:
            self.at += 1
            if char == "|":
                self.out.append("|")
                self.repeatable = self.repeated = False
                self.last = 1
            else:
                self._atom(self._plain(char))

    def _plain(self, char: str) -> str:
        if char == ".":
            return r"[\x{0}-\x{10ffff}]" if self.dotall else r"[^\n]"
        if char in "^$":
            return f"(?m:{char})" if self.multiline else {"^": r"\A", "$": r"\z"}[char]
        return literal(ord(char))

    def _atom(self, text: str) -> None:
        self.out.append(text)
        self.repeatable, self.repeated, self.last = True, False, 1

    def _repeat(self, char: str) -> None:
        if not self.repeatable:
            raise Wrong(f"{char!r} has nothing before it to repeat")
        if self.repeated:
            raise Wrong("a repetition is repeated: `**` and the like are refused, write `(?:…)*`")
        found = _REPEAT.match(self.text, self.at) if char == "{" else None
        text = found[0] if found else char
        if found:
            low = _count(found[1])
            high = _count(found[3]) if found[3] else (low if not found[2] else -1)
            if max(low, high) > MOST_REPEATS or 0 <= high < low:
                raise Wrong(f"{text} is no count: at most {MOST_REPEATS}, the smaller first")
            if low >= 2 or high >= 2:
                self.last *= max(low if high < 0 else high, 1)
            if self.last > MOST_REPEATS:
                raise Wrong(f"counts within counts give more than {MOST_REPEATS}")
            self.factor = max(self.factor, self.last)
        self.at += len(text)
        if self.text.startswith("?", self.at):
            text, self.at = text + "?", self.at + 1
        self.out.append(text)
        self.repeated = True

    def _group(self) -> None:
        if len(self.open) >= DEEPEST:
            raise Wrong(f"groups are nested more than {DEEPEST} deep")
        before = _Open(self.multiline, self.dotall, self.factor)
        if not self.text.startswith("(?", self.at):
            self.at += 1
            self._begin("(", before)
            return
        look = next((form for form in _LOOK if self.text.startswith(form, self.at + 1)), "")
        if look:
            raise Wrong(f"({look} is not in RE2, which Cluster API uses: it cannot look ahead or back")
        found = _GROUP.match(self.text, self.at)
        if not found or (found[1] is None and not _FLAGS.fullmatch(found[2])):
            raise Wrong(f"{self.text[self.at:self.at + 4]!r} begins no group")
        self.at = found.end()
        if found[1] is not None:
            if not re.fullmatch(r"[A-Za-z0-9_]+", found[1]):
                raise Wrong(f"{found[1][:20]!r} is no name of a group")
            self._begin("(", before)
        else:
            self._flags(found[2], found[3], before)

    def _flags(self, flags: str, end: str, before: _Open) -> None:
        on, _, off = flags.partition("-")
        self.multiline = ("m" in on or self.multiline) and "m" not in off
        self.dotall = ("s" in on or self.dotall) and "s" not in off
        kept_off = "".join(flag for flag in "iU" if flag in off)
        kept = "".join(flag for flag in "iU" if flag in on and flag not in off) + (f"-{kept_off}" if kept_off else "")
        if end == ":":
            self._begin(f"(?{kept}:", before)
        elif kept:
            self.out.append(f"(?{kept})")
            self.repeatable = False

    def _begin(self, text: str, before: _Open) -> None:
        self.out.append(text)
        self.open.append(before)
        self.repeatable = self.repeated = False
        self.factor = self.last = 1

    def _close(self) -> None:
        if not self.open:
            raise Wrong("`)` closes no group")
        self.at += 1
        inner = self.factor
        self.multiline, self.dotall, self.factor = self.open.pop()
        self._atom(")")
        self.last = inner
        self.factor = max(self.factor, inner)

    def _escape(self) -> None:
        char = self.text[self.at + 1:self.at + 2]
        if char == "Q":
            end = self.text.find(r"\E", self.at + 2)
            end = len(self.text) if end < 0 else end
            for quoted in self.text[self.at + 2:end]:
                self._atom(literal(ord(quoted)))
            self.at = min(end + 2, len(self.text))
        elif char and char in "AbBz":
            self.at += 2
            self._atom(r"(?-u:\b)" if char == "b" else f"\\{char}")
        else:
            found = self.read_set()
            self._atom(f"[{found}]" if found else literal(self.read_code()))


def _count(text: str) -> int:
    return int(text) if len(text) <= 4 else MOST_REPEATS + 1
