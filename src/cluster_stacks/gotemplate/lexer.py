"""Text → tokens, as text/template/parse cuts them: text, delimiters with trim markers, comments, and the inside.

A token that cannot be is an ERROR token, the last one; the parser says it when it comes there, as Go's does.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

TEXT, LEFT, RIGHT, EOF, ERROR, SPACE = "text", "left", "right", "EOF", "error", "space"
KEYWORDS: Final = frozenset(
    ("block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with")
)


class Token(NamedTuple):
    """`kind` is one of the names above, a group of _INSIDE, or a keyword; `at` an offset in characters."""

    kind: str
    at: int
    text: str


_RIGHT: Final = re.compile(r"(?:[ \t\r\n]-)?\}\}")
_COMMENT_END: Final = re.compile(r"\*/(?:[ \t\r\n]-)?\}\}")
_TERMINATOR: Final = re.compile(r"[ \t\r\n.,|:)(]|\}\}|\Z")
_SPACES: Final = " \t\r\n"
_INSIDE: Final = re.compile(
    r"""
    (?P<space>[ \t\r\n]+) | (?P<pipe>\|)
  | (?P<number>[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
      | 0[oO][0-7_]*(?:\.[0-7_]*)? | 0[bB][01_]*(?:\.[01_]*)?
      | [0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)? | \.[0-9][0-9_]*(?:[eE][+-]?[0-9_]*)? | (?<=[+-])
      )i?)
  | (?P<field>\.\w*) | (?P<variable>\$\w*) | (?P<identifier>\w+)
  | (?P<string>"(?:[^"\\\n]|\\[^\n])*") | (?P<raw>`[^`]*`) | (?P<char>'(?:[^'\\\n]|\\[^\n])*')
  | (?P<declare>:=) | (?P<assign>=) | (?P<lparen>\() | (?P<rparen>\))
    """,
    re.VERBOSE,
)
_UNCLOSED: Final = {
    '"': "unterminated quoted string", "`": "unterminated raw quoted string", "'": "unterminated character constant",
    ":": "expected :=",
}


def tokens(text: str) -> list[Token]:
    """The tokens of a template, EOF or ERROR last."""
    found: list[Token] = []
    at = start = 0  # `start` is where text begins that is not trimmed away
    while (left := text.find("{{", at)) >= 0:
        after = left + 2
        trims = text[after : after + 1] == "-" and text[after + 1 : after + 2] in tuple(_SPACES)
        shown = text[start:left].rstrip(_SPACES) if trims else text[start:left]
        if shown:
            found.append(Token(TEXT, start, shown))
        after += 2 if trims else 0
        if text.startswith("/*", after):
            at = _comment(text, after, found)
        else:
            found.append(Token(LEFT, left, "{{"))
            at = _action(text, after, found)
        if at < 0:
            return found
        start = at
    if start < len(text):
        found.append(Token(TEXT, start, text[start:]))
    found.append(Token(EOF, len(text), "EOF"))
    return found


def _comment(text: str, at: int, found: list[Token]) -> int:
    """Where the text goes on after a comment that begins at `at`; -1 after an ERROR."""
    end = text.find("*/", at + 2)
    if end < 0:
        return _error(found, at, "unclosed comment")
    match = _COMMENT_END.match(text, end)
    if match is None:
        return _error(found, at, "comment ends before closing delimiter")
    return _after(text, match)


def _after(text: str, delimiter: re.Match[str]) -> int:
    """Where text begins after a right delimiter, what its trim marker swallows left out."""
    at = delimiter.end()
    if "-" in delimiter.group():
        length = len(text)
        while at < length and text[at] in _SPACES:
            at += 1
    return at


def _action(text: str, at: int, found: list[Token]) -> int:
    """Cuts the inside of an action up to and with its right delimiter; where the text goes on, -1 after an ERROR."""
    depth = 0
    while True:
        match = _RIGHT.match(text, at)
        if match is not None:
            if depth:
                return _error(found, at, "unclosed left paren")
            found.append(Token(RIGHT, at, "}}"))
            return _after(text, match)
        match = _INSIDE.match(text, at)
        if match is None:
            end = _other(text, at, found)
            if end < 0:
                return end
            at = end
            continue
        kind, word = match.lastgroup or "", match.group()
        if kind in ("field", "variable", "identifier", "number"):
            token = _word(text, at, kind, word)
        elif kind == SPACE and _RIGHT.match(text, match.end() - 1):
            token = Token(SPACE, at, word[:-1])  # the last space belongs to the trim marker
        else:
            token = Token(kind, at, word)
            depth += (kind == "lparen") - (kind == "rparen")
            if depth < 0:
                return _error(found, at, "unexpected right paren")
        found.append(token)
        if token.kind == ERROR:
            return -1
        at += len(token.text)


def _other(text: str, at: int, found: list[Token]) -> int:
    """A character that begins no token we know: a comma, which parser and Go take on, or an error."""
    if at >= len(text):
        return _error(found, at, "unclosed action")
    char = text[at]
    if char in _UNCLOSED:
        return _error(found, at, _UNCLOSED[char])
    if char.isascii() and char.isprintable():
        found.append(Token("other", at, char))
        return at + 1
    return _error(found, at, f"unrecognized character in action: {_rune(char)}")


def _word(text: str, at: int, kind: str, word: str) -> Token:
    """A number, name, field or variable, where what follows may follow."""
    if not word.isascii():
        word = _letters(word, 0 if kind == "identifier" else 1)
        if not word:
            return Token(ERROR, at, f"unrecognized character in action: {_rune(text[at])}")
    end = at + len(word)
    if kind == "number":
        return _number(text, at, word)
    if _TERMINATOR.match(text, end) is None:
        return Token(ERROR, at, f"bad character {_rune(text[end])}")
    if word == ".":
        return Token("dot", at, word)
    if kind != "identifier":
        return Token(kind, at, word)
    if word in KEYWORDS:
        return Token(word, at, word)
    return Token("bool" if word in ("true", "false") else kind, at, word)


def _number(text: str, at: int, word: str) -> Token:
    end = at + len(word)
    kind = "number"
    if text[end : end + 1] in ("+", "-"):
        match = _INSIDE.match(text, end)
        second = match.group() if match is not None and match.lastgroup == "number" else ""
        word, end, kind = word + second, end + len(second), "complex"
        if not second.endswith("i"):
            return Token(ERROR, at, f'bad number syntax: "{word}"')
    following = text[end : end + 1]
    if word in ("+", "-") or following == "_" or following.isalpha() or following.isdecimal():
        return Token(ERROR, at, f'bad number syntax: "{word}{following}"')
    return Token(kind, at, word)


def _letters(word: str, start: int) -> str:
    r"""The front of a name that Go takes as one: letters and decimal digits, where Python's \w knows more."""
    for index in range(start, len(word)):
        char = word[index]
        if not (char == "_" or char.isalpha() or char.isdecimal()):
            return word[:index]
    return word


def _rune(char: str) -> str:
    return f"U+{ord(char):04X}" + (f" '{char}'" if char.isprintable() else "")


def _error(found: list[Token], at: int, message: str) -> int:
    found.append(Token(ERROR, at, message))
    return -1
