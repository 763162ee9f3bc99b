"""fmt: how Go prints values. Print, Println, and what %v makes of each; verbs are in `verbs`."""

from __future__ import annotations

import math
from typing import Any, Final

from cluster_stacks.gotemplate.errors import CostError, NotKnownError
from cluster_stacks.gotemplate.values import INVALID, Opaque, Slice, Uint8, encode

NO_VALUE: Final = "<no value>"
_DEEPEST: Final = 100
_ESCAPES: Final = {
    7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\",
}


def shown(value: Any, depth: int = 0) -> str:
    """What %v prints."""
    kind = type(value)
    if kind is str:
        return str(value)
    if value is None or value is INVALID:
        return "<nil>"
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return general(value)
    if isinstance(value, int):
        return int.__str__(value)
    if depth > _DEEPEST:
        raise CostError("a value is nested too deeply, or holds itself")
    if isinstance(value, dict):
        items = " ".join([f"{key}:{shown(value[key], depth + 1)}" for key in sorted(value, key=encode)])
        return f"map[{items}]"
    if isinstance(value, list):
        return f"[{' '.join([shown(item, depth + 1) for item in value])}]"
    if isinstance(value, Opaque):
        return value.text()
    if isinstance(value, complex):
        return f"({general(value.real)}{signed(value.imag)}i)"
    raise NotKnownError


def signed(number: float) -> str:
    text = general(number)
    return text if text.startswith("-") else f"+{text.removeprefix('+')}"


def general(number: float) -> str:
    """%v of a float: the shortest digits that read back the same; from a million on with an exponent (2.1e+07)."""
    if number.is_integer() and -1e6 < number < 1e6:
        return "-0" if number == 0 and math.copysign(1, number) < 0 else str(int(number))
    if math.isinf(number) or math.isnan(number):
        return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
    return shortest(number, -4, 6)


def shortest(number: float, low: int, high: int) -> str:
    """The shortest digits; with an exponent where that is below `low`, or from `high` on."""
    sign, digits, exponent = digits_of(number)
    if exponent < low or exponent >= high:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return sign + positional(digits, exponent)


def digits_of(number: float) -> tuple[str, str, int]:
    """Sign, shortest digits and decimal exponent of a finite number."""
    mantissa, _, power = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    exponent = int(power or 0) + len(whole) - 1
    digits = whole + fraction
    stripped = digits.lstrip("0")
    exponent -= len(digits) - len(stripped)
    sign = "-" if math.copysign(1, number) < 0 else ""
    return (sign, stripped.rstrip("0") or "0", exponent if stripped else 0)


def positional(digits: str, exponent: int) -> str:
    """Digits and exponent without an e."""
    if exponent < 0:
        return f"0.{'0' * (-exponent - 1)}{digits}"
    if len(digits) <= exponent + 1:
        return digits + "0" * (exponent + 1 - len(digits))
    return f"{digits[: exponent + 1]}.{digits[exponent + 1 :]}"


def sprint(values: list[Any]) -> str:
    """fmt.Sprint: a space between two operands of which neither is a string."""
    parts: list[str] = []
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            parts.append(" ")
        parts.append(shown(value))
    return "".join(parts)


def quoted(text: str, *, ascii_only: bool = False, quote: str = '"') -> str:
    """strconv.Quote (or QuoteToASCII; or, with another `quote`, QuoteRune's text)."""
    parts = [quote]
    for char in text:
        code = ord(char)
        if char == quote or char == "\\":
            parts.append(f"\\{char}")
        elif 0xDC80 <= code <= 0xDCFF:
            parts.append(f"\\x{code - 0xDC00:02x}")
        elif code in _ESCAPES and char != '"':
            parts.append(_ESCAPES[code])
        elif (code < 0x7F or not ascii_only) and is_print(char):
            parts.append(char)
        elif code < 0x20 or code == 0x7F:
            parts.append(f"\\x{code:02x}")
        else:
            parts.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    parts.append(quote)
    return "".join(parts)


def is_print(char: str) -> bool:
    """unicode.IsPrint, which calls of the spaces only the ASCII one printable."""
    return char.isprintable() and not 0xD800 <= ord(char) < 0xE000


def bytes_of(value: Any) -> bytes | None:
    """The bytes of a string or a []uint8, which some verbs print alike."""
    if isinstance(value, str):
        return encode(value)
    if isinstance(value, Slice) and value.element == "uint8":
        return bytes(int(item) for item in value if isinstance(item, Uint8))
    return None
