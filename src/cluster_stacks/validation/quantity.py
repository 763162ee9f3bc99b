"""Quantities (`500m`, `1.5Gi`, `2e3`) as Kubernetes parses them.

The rules are those of apimachinery's resource.ParseQuantity: a sign, digits with at most one point, and a suffix out
of a table or a decimal exponent. Around the text of a field spaces are allowed, in it none.
tests/validation/quantities.json holds what the real parser says of some hundred texts.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

SUFFIXES = {
    "": Fraction(1), "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000),
    **{name: Fraction(10 ** (3 * power)) for power, name in enumerate("kMGTPE", 1)},
    **{f"{name}i": Fraction(1024**power) for power, name in enumerate("KMGTPE", 1)},
}
_PARTS = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)")
_EXPONENT = re.compile(r"[eE]([-+]?[0-9]+)")
_LARGEST_EXPONENT = 1000


@lru_cache(maxsize=2048)
def parse(text: str) -> Fraction | None:
    """The value of a quantity, None where it is none. An absurd exponent counts as one of a thousand."""
    match = _PARTS.fullmatch(text)
    if match is None or not text:
        return None
    sign, whole, fraction, suffix = match.groups()
    whole, fraction = whole.lstrip("0"), fraction or ""
    exponent = 0
    if suffix not in SUFFIXES:
        power = _EXPONENT.fullmatch(suffix)
        if power is None or not -(2**63) <= (exponent := int(power.group(1)[:25])) < 2**63:
            return None
    if not _is_number(text, whole, fraction, suffix, exponent):
        return None
    digits = int((whole + fraction)[:4000] or "0")
    exponent = max(-_LARGEST_EXPONENT, min(exponent, _LARGEST_EXPONENT))
    value = Fraction(digits, 10 ** len(fraction[:4000])) * SUFFIXES.get(suffix, 1) * Fraction(10) ** exponent
    return -value if sign == "-" else value


def _is_number(text: str, whole: str, fraction: str, suffix: str, exponent: int) -> bool:
    if any(character.isdigit() for character in text[: len(text) - len(suffix)]):
        return True
    # The parser has a fast way for small numbers, on which it does not notice that there is none: `m` alone is a zero.
    return not fraction and not whole and exponent >= -9


def wrong(value: object) -> str:
    """What is wrong with the value of a quantity's field, an empty text for nothing. Numbers are quantities too."""
    if not isinstance(value, str) or parse(value.strip(" \t\r\n\v\f")) is not None:
        return ""
    return "is no quantity: write a number, and one of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent (1e3)"
