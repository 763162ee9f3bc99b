"""Characters and classes of characters in a regular expression of Go, spelled out."""

from __future__ import annotations

import re

NOT_IN_GO = frozenset({
    "Alphabetic", "Lowercase", "Uppercase", "White_Space", "Emoji", "Math", "Dash", "Letter", "Number", "Punctuation",
    "ID_Start", "ID_Continue", "XID_Start", "XID_Continue", "ASCII", "Assigned",
})
"""Properties that other engines know."""
Ranges = tuple[tuple[int, int], ...]


def ranges_of(text: str) -> Ranges:
    """Pairs of characters, `09AZ` for 0-9 and A-Z, in order."""
    return tuple((ord(low), ord(high)) for low, high in zip(text[::2], text[1::2], strict=True))


_HEX = re.compile(r"x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))", re.ASCII)
_OCTAL = re.compile(r"[1-7][0-7]{1,2}|0[0-7]{0,2}", re.ASCII)
_PROPERTY = re.compile(r"[pP](?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))", re.ASCII)
_CONTROL = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
PERL = {"d": ranges_of("09"), "s": ranges_of("\t\n\f\r  "), "w": ranges_of("09AZ__az")}
POSIX = {
    "alnum": ranges_of("09AZaz"), "alpha": ranges_of("AZaz"), "ascii": ranges_of("\0\x7f"),
    "blank": ranges_of("\t\t  "), "cntrl": ranges_of("\0\x1f\x7f\x7f"), "digit": ranges_of("09"),
    "graph": ranges_of("!~"), "lower": ranges_of("az"), "print": ranges_of(" ~"), "punct": ranges_of("!/:@[`{~"),
    "space": ranges_of("\t\r  "), "upper": ranges_of("AZ"), "word": PERL["w"], "xdigit": ranges_of("09AFaf"),
}


def spelled(ranges: Ranges, *, negative: bool) -> str:
    """Ranges as they stand in a class, which holds no other class: that would mean something else in ECMAScript."""
    if negative:
        starts, ends = [0, *(high + 1 for _, high in ranges)], [*(low - 1 for low, _ in ranges), 0x10FFFF]
        ranges = tuple((low, high) for low, high in zip(starts, ends, strict=True) if low <= high)
    return "".join(f"{literal(low)}-{literal(high)}" for low, high in ranges)


def literal(code: int) -> str:
    """One character, by its number where it could mean something."""
    char = chr(code)
    return char if char.isascii() and char.isalnum() else f"\\x{{{code:x}}}"


class Wrong(ValueError):  # noqa: N818 — `translated` turns it into words
    """A pattern that Go refuses; the message says why."""


class Cursor:
    """A place in a pattern, and what can be read there."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def read_set(self) -> str:
        """What is between the brackets of a class that is written with a backslash; empty where none is here."""
        char = self.text[self.at + 1:self.at + 2]
        if char and char.lower() in PERL:
            self.at += 2
            return spelled(PERL[char.lower()], negative=char.isupper())
        if char not in ("p", "P"):
            return ""
        found = _PROPERTY.match(self.text, self.at + 1)
        if not found or (found[2] or "") in NOT_IN_GO:
            raise Wrong(r"\p names no class of characters: write \pL or \p{Greek}")
        self.at = found.end()
        negative = (char == "P") != bool(found[1])
        return f"\\{'P' if negative else 'p'}{{{found[2] or found[3]}}}"

    def read_code(self) -> int:
        """The character that an escape at the cursor stands for."""
        rest = self.text[self.at + 1:self.at + 2]
        if not rest:
            raise Wrong("a backslash ends the pattern")
        found = _OCTAL.match(self.text, self.at + 1)
        if found:
            self.at = found.end()
            return int(found[0], 8)
        found = _HEX.match(self.text, self.at + 1)
        if found and len(found[1] or found[2]) <= 8 and int(found[1] or found[2], 16) <= 0x10FFFF:
            self.at = found.end()
            return int(found[1] or found[2], 16)
        if rest in _CONTROL or (rest.isascii() and not rest.isalnum()):
            self.at += 2
            return _CONTROL.get(rest, ord(rest))
        if rest.isdigit():
            raise Wrong(f"\\{rest} is not in RE2, which Cluster API uses: it cannot refer back to a group")
        raise Wrong(f"\\{rest} is no escape of RE2, which Cluster API uses")

    def read_class(self) -> str:
        self.at += 1
        negative = self.text.startswith("^", self.at)
        self.at += negative
        parts: list[str] = []
        while not self.text.startswith("]", self.at) or not parts:
            if self.at >= len(self.text):
                raise Wrong("a class is not closed: `]` is missing")
            parts.append(self._member())
        self.at += 1
        return f"[{'^' if negative else ''}{''.join(parts)}]"

    def _member(self) -> str:
        if self.text.startswith("[:", self.at):
            end = self.text.find(":]", self.at + 2)
            if end >= 0:
                return self._posix(end)
        if self.text.startswith("\\", self.at):
            found = self.read_set()
            if found:
                return found
        low = self._char()
        if self.text.startswith("-", self.at) and self.text[self.at + 1:self.at + 2] not in ("]", ""):
            self.at += 1
            high = self._char()
            if high < low:
                raise Wrong("a range in a class goes backwards")
            return f"{literal(low)}-{literal(high)}"
        return literal(low)

    def _posix(self, end: int) -> str:
        name = self.text[self.at + 2:end]
        if name.removeprefix("^") not in POSIX:
            raise Wrong(f"[:{name[:20]}:] is no class of characters")
        self.at = end + 2
        return spelled(POSIX[name.removeprefix("^")], negative=name.startswith("^"))

    def _char(self) -> int:
        if self.text.startswith("\\", self.at):
            return self.read_code()
        if self.at >= len(self.text):
            raise Wrong("a class is not closed: `]` is missing")
        self.at += 1
        return ord(self.text[self.at - 1])
