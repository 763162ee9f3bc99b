"""The text of a CEL expression → tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from cluster_stacks.validation.cel.syntax import CompileError
from cluster_stacks.validation.cel.values import INT_MAX, UINT_MAX, Uint

MOST = 100_000
"""Characters that an expression may have: what the API server's parser takes."""

_TOKEN = re.compile(
    r"""
    (?P<space>[\t\n\f\r ]+|//[^\n]*)
  | (?P<float>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<int>0x[0-9a-fA-F]+[uU]?|\d+[uU]?)
  | (?P<string>(?:[rR][bB]?|[bB][rR]?)?(?:\"\"\"|'''|"|'))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<op>==|!=|<=|>=|&&|\|\||[-+*/%!?:.,()\[\]{}<>])
    """,
    re.VERBOSE | re.ASCII,
)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"`?])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Token(NamedTuple):
    """`kind` is `name`, `literal`, `end`, or the operator itself; `value` is the name's text or the constant."""

    kind: str
    at: int
    value: object = None


def tokens(text: str) -> list[Token]:
    """All tokens, with one of kind `end` last. Raises CompileError."""
    if len(text) > MOST:
        raise CompileError(f"the expression has {len(text)} characters: more than {MOST} are not taken")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise CompileError(f"syntax error: {text[at]!r} is not expected here", at)
        kind, word = str(match.lastgroup), match.group()
        start, at = at, match.end()
        if kind == "op":
            found.append(Token(word, start))
        elif kind == "name":
            found.append(_word(word, start))
        elif kind == "string":
            value, at = _string(text, word, at, start)
            found.append(Token("literal", start, value))
        elif kind != "space":
            found.append(Token("literal", start, _number(kind, word, start)))
    return [*found, Token("end", len(text))]


def _word(word: str, at: int) -> Token:
    if word in ("true", "false", "null"):
        return Token("literal", at, {"true": True, "false": False, "null": None}[word])
    return Token("in", at) if word == "in" else Token("name", at, word)


def _number(kind: str, word: str, at: int) -> object:
    if kind == "float":
        return float(word)
    digits = word.rstrip("uU")
    if len(digits) > 40:
        raise CompileError("the number does not fit into 64 bits", at)
    number = int(digits, 16 if digits.startswith("0x") else 10)
    if digits != word:
        if number > UINT_MAX:
            raise CompileError("invalid uint literal: it does not fit into 64 bits", at)
        return Uint(number)
    if number > INT_MAX + 1:  # one more: the parser takes it where a minus stands before it
        raise CompileError("invalid int literal: it does not fit into 64 bits", at)
    return number


def _string(text: str, opening: str, at: int, start: int) -> tuple[object, int]:
    prefix = opening.rstrip("\"'").lower()
    quote = opening[len(prefix):]
    end = at
    while True:
        if end >= len(text) or (len(quote) == 1 and text[end] in "\r\n"):
            raise CompileError("syntax error: a text without its closing quote", start)
        if text.startswith(quote, end):
            break
        end += 2 if text[end] == "\\" and "r" not in prefix else 1
    raw = text[at:end]
    body = raw if "r" in prefix else _unescaped(raw, at, octets="b" in prefix)
    value: object = body.encode("latin-1") if "b" in prefix and "r" not in prefix else body
    if "b" in prefix and "r" in prefix:
        value = body.encode()
    return value, end + len(quote)


def _unescaped(raw: str, at: int, *, octets: bool) -> str:
    """The text with its escapes read; of bytes, one character an octet."""
    out: list[str] = []
    place = 0
    while (slash := raw.find("\\", place)) >= 0:
        out.append(_octets(raw[place:slash]) if octets else raw[place:slash])
        match = _ESCAPE.match(raw, slash)
        if match is None:
            raise CompileError("syntax error: an escape that CEL does not know", at + slash)
        simple, two, four, eight, octal = match.groups()
        if octets and (four or eight):
            raise CompileError("syntax error: bytes take no \\u escapes", at + slash)
        if simple:
            out.append(_SIMPLE.get(simple, simple))
        else:
            code = int(octal, 8) if octal else int(two or four or eight, 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise CompileError("syntax error: an escape of no character", at + slash)
            out.append(chr(code))
        place = match.end()
    out.append(_octets(raw[place:]) if octets else raw[place:])
    return "".join(out)


def _octets(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
