"""Upper and lower case rune by rune, as Go maps it, and the words of camelCase."""

from __future__ import annotations

import unicodedata
from typing import Final

SPACES: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SPACES: Final = frozenset(SPACES)


def is_space(char: str) -> bool:
    """unicode.IsSpace."""
    return char in _SPACES


def upper(text: str) -> str:
    """strings.ToUpper: one rune for one rune (ß stays)."""
    return text.upper() if text.isascii() else "".join(upper_rune(char) for char in text)


def lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(lower_rune(char) for char in text)


def upper_rune(char: str) -> str:
    mapped = char.upper()
    return mapped if len(mapped) == 1 else char


def lower_rune(char: str) -> str:
    return char.lower()[:1]


def title_rune(char: str) -> str:
    mapped = char.title()
    return mapped if len(mapped) == 1 else char


def title(text: str) -> str:
    """strings.Title: the first letter of each word."""
    parts, previous = [], " "
    for char in text:
        parts.append(title_rune(char) if _separates(previous) else char)
        previous = char
    return "".join(parts)


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return not (char.isalpha() or char.isdecimal()) and is_space(char)


def untitle(text: str) -> str:
    """The first letter of each word lower."""
    parts, begins = [], True
    for char in text:
        parts.append(lower_rune(char) if begins and not is_space(char) else char)
        begins = is_space(char)
    return "".join(parts)


def swap(text: str) -> str:
    """Upper to lower, lower to upper; lower at the start of a word to title case."""
    parts, space = [], True
    for char in text:
        kind = unicodedata.category(char)
        if kind in ("Lu", "Lt"):
            parts.append(lower_rune(char))
            space = False
        elif kind == "Ll":
            parts.append(title_rune(char) if space else upper_rune(char))
            space = False
        else:
            parts.append(char)
            space = is_space(char)
    return "".join(parts)


def is_connector(char: str) -> bool:
    return char in "-_" or is_space(char)


def is_upper(char: str) -> bool:
    return unicodedata.category(char) == "Lu"


def pascal(text: str) -> str:
    """`camelcase`: connectors leave, the letter after each is upper; runs of capitals become one."""
    front = len(text) - len(text.lstrip("-_" + SPACES))
    if front == len(text):
        return text
    first_upper = is_upper(text[front])
    current = upper_rune(text[front])
    if front + 1 == len(text):
        return text[:front] + current
    parts = [text[:front]]
    for char in text[front + 1 :]:
        previous, current = current, char
        if is_connector(current) and is_connector(previous):
            parts.append(previous)
            continue
        if is_connector(previous):
            first_upper = is_upper(current)
            current = upper_rune(current)
            continue
        if first_upper:
            if is_upper(current):
                current = lower_rune(current)
            else:
                first_upper = False
        parts.append(previous)
    return "".join([*parts, current])
