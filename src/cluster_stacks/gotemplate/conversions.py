"""Any value as a number, as the library that sprig uses for it (spf13/cast) reads it; 0 where it cannot."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from cluster_stacks.gotemplate.errors import NotKnownError
from cluster_stacks.gotemplate.literals import without_underscores
from cluster_stacks.gotemplate.unknown import Partial, Unknown
from cluster_stacks.gotemplate.values import Int64, is_integer, wrap

_INTEGER: Final = re.compile(
    r"([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]((?:_?[0-7])+)|0((?:_?[0-7])+)|(0|[1-9](?:_?[0-9])*))\Z"
)
_DECIMAL: Final = re.compile(r"([-+]?[0-9]*)(?:\.[0-9]*)?\Z")
_FLOAT: Final = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan)\Z", re.IGNORECASE
)
_HEX: Final = re.compile(r"[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?[0-9]+\Z", re.IGNORECASE)
_LONGEST: Final = 1000  # of a number that could be in range
_LARGEST: Final = 2**63


def to_int(value: Any) -> int:
    """`int`: truncates floats, reads Go's integer literals (`0123` is 83)."""
    if isinstance(value, bool):
        return int(value)
    if is_integer(value):
        return wrap(int(value))
    if isinstance(value, float):
        return _truncated(value)
    if isinstance(value, Unknown | Partial):
        raise NotKnownError
    return parse_int(_whole_part(value)) or 0 if isinstance(value, str) else 0


def to_int64(value: Any) -> Int64:
    return Int64(to_int(value))


def to_float(value: Any) -> float:
    """`float64`."""
    if isinstance(value, bool | float) or is_integer(value):
        return float(value)
    if isinstance(value, Unknown | Partial):
        raise NotKnownError
    if not isinstance(value, str) or len(value) > _LONGEST:
        return 0.0
    plain = without_underscores(value)
    if _FLOAT.match(plain):
        number = float(plain)
        return 0.0 if math.isinf(number) and "i" not in plain.lower() else number
    return float.fromhex(plain) if _HEX.match(plain) else 0.0


def parse_int(text: str) -> int | None:
    """strconv.ParseInt with base 0 and 64 bits; None for an error."""
    match = _INTEGER.match(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    sign, hexadecimal, binary, octal, old, decimal = match.groups()
    options = ((hexadecimal, 16), (binary, 2), (octal, 8), (old, 8), (decimal, 10))
    digits, base = next((digits, base) for digits, base in options if digits is not None)
    number = int(sign + digits.replace("_", "")[:100], base)
    return number if -_LARGEST <= number < _LARGEST else None


def _truncated(value: float) -> int:
    if not math.isfinite(value) or not -_LARGEST <= value < _LARGEST:
        return -_LARGEST  # what the conversion gives on amd64
    return int(value)


def _whole_part(text: str) -> str:
    if "." not in text:
        return text
    match = _DECIMAL.match(text)
    if match is None:
        return text
    return f"{match[1]}0" if match[1] in ("", "-", "+") else match[1]
