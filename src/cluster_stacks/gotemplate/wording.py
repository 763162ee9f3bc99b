"""Wrapping, abbreviating, and snake_case: what sprig takes from libraries of text."""

from __future__ import annotations

import unicodedata

from cluster_stacks.gotemplate.cases import is_connector, is_upper, lower_rune
from cluster_stacks.gotemplate.errors import CallError
from cluster_stacks.gotemplate.values import decode, encode

_NUMBER, _UPPER, _LETTERS, _CONNECTOR, _PUNCTUATION, _OTHER, _END = range(7)


def wrap(text: str, width: int, separator: str, *, cuts: bool) -> str:
    """Lines of at most `width` bytes; a longer word stays whole, or is cut."""
    data, width, offset = encode(text), max(width, 1), 0
    parts: list[bytes] = []
    end = encode(separator)
    while len(data) - offset > width:
        if data[offset : offset + 1] == b" ":
            offset += 1
            continue
        space = data.rfind(b" ", offset, offset + width + 1)
        if space < 0 and not cuts:
            space = data.find(b" ", offset + width)
            if space < 0:
                break
        if space >= 0:
            parts += [data[offset:space], end]
            offset = space + 1
        else:
            parts += [data[offset : offset + width], end]
            offset += width
    return decode(b"".join([*parts, data[offset:]]))


def abbreviate(text: str, offset: int, width: int) -> str:
    """At most `width` bytes of a text, with an ellipsis for what is left out before and after."""
    data = encode(text)
    if not data or width < 4:
        return ""
    if len(data) <= width:
        return text
    offset = min(offset, len(data))
    if len(data) - offset < width - 3:
        offset = len(data) - (width - 3)
    if offset <= 4:
        return decode(data[: width - 3]) + "..."
    if width < 7:
        return ""
    if offset + width - 3 < len(data):
        if offset < 0:
            raise CallError("runtime error: slice bounds out of range")
        return "..." + abbreviate(decode(data[offset:]), 0, width - 3)
    return "..." + decode(data[len(data) - (width - 3) :])


def abbreviate_both(left: int, right: int, text: str) -> str:
    if right < 4 or (left > 0 and right < 7):
        return text
    return abbreviate(text, left, right)


def _kind(char: str) -> int:
    category = unicodedata.category(char)
    if is_connector(char):
        return _CONNECTOR
    if category.startswith("P"):
        return _PUNCTUATION
    if category == "Lu":
        return _UPPER
    if category.startswith("L") and char.upper() != char.lower():
        return _LETTERS
    return _NUMBER if category.startswith("N") else _OTHER


def _next(text: str, at: int) -> tuple[int, str, int]:
    """The kind of the word at `at`, the word, and where the next begins. A word may be `Status`, `HTTP` or `2`."""
    if at >= len(text):
        return _END, "", at
    kind, end = _kind(text[at]), at + 1
    if kind != _UPPER:
        while end < len(text) and _kind(text[end]) == kind:
            end += 1
        return kind, text[at:end], end
    if end < len(text) and is_upper(text[end]):
        while end < len(text) and is_upper(text[end]):
            end += 1
        if end < len(text) and _kind(text[end]) == _LETTERS:
            end -= 1
    else:
        while end < len(text) and _kind(text[end]) == _LETTERS:
            end += 1
    return kind, text[at:end], end


def lowered(text: str, connector: str) -> str:
    """`snakecase` and `kebabcase`."""
    parts: list[str] = []

    def add(kind: int, word: str) -> None:
        parts.append(
            "".join(connector if is_connector(char) else lower_rune(char) if is_upper(char) else char for char in word)
            if kind in (_UPPER, _CONNECTOR) else word
        )

    kind, word, at = _next(text, 0)
    while at < len(text):
        if kind != _CONNECTOR:
            add(kind, word)
        before, last = kind, word
        kind, word, at = _next(text, at)
        if before == _NUMBER:
            while kind in (_LETTERS, _NUMBER):
                add(kind, word)
                kind, word, at = _next(text, at)
            if kind not in (_END, _PUNCTUATION, _CONNECTOR):
                parts.append(connector)
        elif before == _CONNECTOR:
            add(before, last)
        elif before != _PUNCTUATION:
            if kind != _NUMBER:
                if kind not in (_CONNECTOR, _PUNCTUATION):
                    parts.append(connector)
                continue
            if at >= len(text):
                continue
            last = word
            kind, word, at = _next(text, at)
            if kind != _LETTERS:
                add(_NUMBER, last)
                if kind not in (_CONNECTOR, _PUNCTUATION):
                    parts.append(connector)
                continue
            parts.append(connector)
            add(_NUMBER, last)
            while kind in (_LETTERS, _NUMBER):
                add(kind, word)
                kind, word, at = _next(text, at)
            if kind not in (_END, _CONNECTOR, _PUNCTUATION):
                parts.append(connector)
    add(kind, word)
    return "".join(parts)
