"""Names and messages from hostile input, made safe to print."""

from __future__ import annotations

import re

# Control characters, line ends of all kinds, marks of text direction and of zero width, and undecodable bytes. And the
# beginning of `##[group]`, `##vso[…]` and their like, which some pipelines obey wherever in a line they stand.
_HIDDEN = re.compile(
    "#(?=#\\w*\\[)|"
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]"
)
COMMAND = re.compile(r"^(\s*):(?=:)")
_HALVES = re.compile("[\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal obeys or hides, nor the log of a pipeline.

    A byte of a file name that is no UTF-8 (a surrogate escape) becomes `\\xff`, a line end `\\n`, an escape `\\x1b`.
    """
    return _HIDDEN.sub(_escaped, text)


def line(text: str) -> str:
    """As `printable`, for a line of its own: one that begins with `::` is a command in the log of a job on GitHub."""
    return COMMAND.sub(r"\1\\x3a", printable(text))


def encodable(text: str) -> str:
    """The text with undecodable bytes escaped and all else as it is, for formats that escape by themselves."""
    return _HALVES.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
