"""How a text is written: plain where every reader takes it for that text, else in double quotes or as a block.

Plain are only texts of a form that none of YAML 1.1, YAML 1.2, PyYAML, go-yaml v2 and go-yaml v3 resolves to something
else; that some harmless ones are quoted too (`1.36.1`) is the price of a rule that one can read.
"""

from __future__ import annotations

import re

from cluster_stacks.documents.scalars import WORDS

_RESERVED = frozenset(word.lower() for word in WORDS)
# Begins like a word, a path, a number or an option, and holds nothing that YAML could take for a sign of its own.
_PLAIN = re.compile(r"(?:[A-Za-z_/$(]|[0-9]|\.+(?=[A-Za-z/])|--?(?=[A-Za-z]))(?:[!-9;-~]| (?!#)|:(?! |\Z))*(?<! )")
# All that is a number, a time or a date to somebody: more than any reader takes, but simple.
_NUMBER_LIKE = re.compile(r"[-+.]?[0-9.][-+.0-9_:eExXoObBa-fA-FtTzZ ]*|[-+]?\.?(?:inf|nan)", re.IGNORECASE)
# What is printed as it is. The rest is escaped: controls, other line ends, marks of text direction, private use.
_RAW = (
    r"\x20-\x7e\xa1-\xac\xae-\u061b\u061d-\u180d\u180f-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff"
    r"\uf900-\ufdcf\ufdf0-\ufefe\uff00-\uffef\U00010000-\U000dffff"
)
_LINE = re.compile(f"[{_RAW}]*")
_ESCAPED = re.compile(rf'[^{_RAW}]|["\\]')
_BLOCK = re.compile(rf"[\t\n{_RAW}]*")
_STEP = 2
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Texts(dict[str, str]):
    """Texts on one line, rendered once each: `texts[text]` is how it is written."""

    def __missing__(self, text: str) -> str:
        self[text] = rendered = text if is_plain(text) else quoted(text)
        return rendered


def is_plain(text: str) -> bool:
    """Whether every reader takes the bare text for itself, as a key and as a value."""
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _RESERVED and not _NUMBER_LIKE.fullmatch(text)


def is_raw(text: str) -> bool:
    """Whether the text needs no escapes and is of one line."""
    return bool(_LINE.fullmatch(text))


def quoted(text: str) -> str:
    """The text in double quotes on one line, or in single ones where that saves backslashes.

    Raises TypeError where it holds half a character (a lone surrogate).
    """
    single = ('"' in text or "\\" in text) and "'" not in text and is_raw(text)
    return f"'{text}'" if single else double_quoted(text)


def double_quoted(text: str) -> str:
    """The text in double quotes. Raises TypeError as `quoted`."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def block(text: str, indent: str) -> str | None:
    """A text of several lines as a literal block whose lines stand after `indent`; None where that would lose anything.

    `|` keeps one line end at the end, `|-` none, `|+` all; a digit says the indentation where the text begins with
    a space, from which readers would take it wrongly.
    """
    if "\n" not in text or not _BLOCK.fullmatch(text) or not text.strip(" \t\n"):
        return None
    lines = text.split("\n")
    ends = len(text) - len(text.rstrip("\n"))
    chomp = ("-", "", "+")[min(ends, 2)]
    body = lines[: len(lines) - ends] + [""] * max(ends - 1, 0)
    digit = str(_STEP) if text.lstrip("\n")[:1] in (" ", "\t") or text[0] == "\n" else ""
    return f"|{digit}{chomp}\n" + "\n".join(indent + line if line else "" for line in body)



def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise TypeError("no plain data: a text with half a character (a lone surrogate)")
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
