"""Go's literals: quoted strings, characters and numbers, as strconv reads them. ValueError where it would not."""

from __future__ import annotations

import math
import re
from typing import Final

from cluster_stacks.gotemplate.nodes import Literal
from cluster_stacks.gotemplate.values import decode, encode

_SIMPLE: Final = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34}
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_HEX: Final = re.compile(r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+\Z")
_INTEGER: Final = re.compile(
    r"([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]?((?:_?[0-7])+)|([1-9](?:_?[0-9])*|0))\Z"
)
_BAD_UNDERSCORE: Final = (
    re.compile(r"(?<![0-9])_|_(?![0-9])"),  # of decimal numbers
    re.compile(r"(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F])"),
)
_MAX_INT: Final = 2**63 - 1
_MAX_UINT: Final = 2**64 - 1


def unquote(text: str) -> str:
    """The string of a literal in double quotes or back quotes."""
    inner = text[1:-1]
    if text[0] == "`":
        return inner.replace("\r", "")
    if "\\" not in inner:
        return inner
    return decode(b"".join(_bytes(inner, '"')))


def _bytes(inner: str, quote: str) -> list[bytes]:
    parts, at = [], 0
    while (next_ := inner.find("\\", at)) >= 0:
        parts.append(encode(inner[at:next_]))
        piece, at = _escape(inner, next_, quote)
        parts.append(piece)
    parts.append(encode(inner[at:]))
    return parts


def _escape(text: str, at: int, quote: str) -> tuple[bytes, int]:
    match = _ESCAPE.match(text, at)
    if match is None:
        raise ValueError("invalid syntax")
    byte, octal, short, long, simple = match.groups()
    if simple is not None:
        if simple not in _SIMPLE or (simple in "'\"" and simple != quote):
            raise ValueError("invalid syntax")
        return bytes((_SIMPLE[simple],)), match.end()
    if byte is not None or octal is not None:
        value = int(byte, 16) if byte is not None else int(octal, 8)
        if value > 255:
            raise ValueError("invalid syntax")
        return bytes((value,)), match.end()
    value = int(short or long, 16)
    if value > 0x10FFFF or 0xD800 <= value < 0xE000:
        raise ValueError("invalid syntax")
    return chr(value).encode(), match.end()


def character(text: str, at: int) -> Literal:
    """`'x'`: a number, the character's."""
    inner = text[1:-1]
    if inner.startswith("\\"):
        piece, end = _escape(inner, 0, "'")
        value = piece[0] if inner[1] in "x01234567" else ord(piece.decode())
    elif inner:
        value, end = ord(inner[0]), 1
    else:
        raise ValueError("invalid syntax")
    if end != len(inner):
        raise ValueError(f"malformed character constant: {text}")
    return Literal(at, text, "number", value, value, float(value))


def number(text: str, at: int) -> Literal:
    """An integer or a float, and what else it can pass for; a complex number for what ends in `i`."""
    if text.endswith("i"):
        return _complex(text, at)
    whole = _whole(text)
    if whole is not None and -_MAX_INT - 1 <= whole <= _MAX_UINT:
        fits = whole <= _MAX_INT
        return Literal(at, text, "number", whole if fits else None, whole if fits else None, float(whole))
    floating = _floating(text)
    if floating is None:
        raise ValueError(f'illegal number syntax: "{text}"')
    if not any(char in ".eEpP" for char in text):
        raise ValueError(f'integer overflow: "{text}"')
    integer = int(floating) if floating.is_integer() and abs(floating) < 2**63 else None
    is_hex = text[:2] in ("0x", "0X") and not any(char in "pP" for char in text)
    return Literal(at, text, "number", integer if is_hex else floating, integer, floating)


def _whole(text: str) -> int | None:
    match = _INTEGER.match(text)
    if match is None:
        return None
    sign, hexadecimal, binary, octal, decimal = match.groups()
    digits, base = next((d, b) for d, b in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)) if d is not None)
    return int(f"{sign}{digits.replace('_', '')}"[:200], base)


def _floating(text: str) -> float | None:
    plain = without_underscores(text)
    if _DECIMAL.match(plain):
        value = float(plain)
    elif _HEX.match(plain):
        value = float.fromhex(plain)
    else:
        return None
    return None if math.isinf(value) else value


def without_underscores(text: str) -> str:
    """The number without the underscores that Go allows between digits and after a base prefix; else as it is."""
    if "_" not in text or _BAD_UNDERSCORE[text.lstrip("+-")[:2] in ("0x", "0X")].search(text):
        return text
    return text.replace("_", "")


def _complex(text: str, at: int) -> Literal:
    split = max(text.rfind("+"), text.rfind("-"))
    real, imaginary = (text[:split], text[split:-1]) if split > 0 and text[split - 1] not in "eEpP" else ("", text[:-1])
    parts = [_floating(part) if part else 0.0 for part in (real, imaginary)]
    if parts[0] is None or parts[1] is None:
        raise ValueError(f'illegal number syntax: "{text}"')
    value = complex(parts[0], parts[1])
    real_part = value.real if value.imag == 0 else None
    whole = int(value.real) if real_part is not None and real_part.is_integer() and abs(real_part) < 2**63 else None
    return Literal(at, text, "number", value, whole, real_part)
